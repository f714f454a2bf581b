using Holdfast.Configuration;
using Holdfast.Engine.Gguf;
using Holdfast.Printing;

namespace Holdfast.ModelFiles;

/// <summary>
/// Where model files are looked for, in this order: the folders of <c>--models</c>, those of <c>HOLDFAST_MODELS</c>, <c>./models</c>, the user's
/// cache. The first folder that has a name wins; two files of one folder that go by the same name are told apart by their file names.
/// </summary>
internal sealed class ModelFolders
{
    public const string Flag = "--models";
    public const string Variable = "HOLDFAST_MODELS";
    public const string FileEnding = ".gguf";
    private const int NamesShownMax = 20;

    private ModelFolders(IReadOnlyList<ModelFolder> folders) => Folders = folders;

    /// <summary>All of them, those that are not there included.</summary>
    public IReadOnlyList<ModelFolder> Folders { get; }

    /// <summary>Where a pulled model goes: the first folder that somebody named, else the user's cache. Never <c>./models</c>, which may belong to a checkout.</summary>
    public ModelFolder ForPulling => Folders[0].Origin == OwnFolder ? Folders[^1] : Folders[0];

    private static string OwnFolder => "./models";

    public static ModelFolders Of(IReadOnlyList<string> given) =>
        Of(given, Environment.GetEnvironmentVariable(Variable), Directory.GetCurrentDirectory(), UserCache());

    internal static ModelFolders Of(IReadOnlyList<string> given, string? variable, string currentFolder, string userCache)
    {
        IEnumerable<ModelFolder> all =
        [
            .. given.Select(folder => new ModelFolder(folder, Flag)),
            .. (variable ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(folder => new ModelFolder(folder, Variable)),
            new ModelFolder("models", OwnFolder),
            new ModelFolder(userCache, "the user's cache"),
        ];
        return new ModelFolders([.. all.Select(folder => folder with { Path = Path.GetFullPath(folder.Path, currentFolder) }).DistinctBy(folder => folder.Path)]);
    }

    /// <summary>Every model file, folder by folder, by name.</summary>
    public IReadOnlyList<ModelPlace> Places() => [.. Folders.SelectMany(Places)];

    /// <summary>The file that a text stands for: a path stays a path, anything else is a name that is looked for.</summary>
    public ModelSearch Find(string text)
    {
        if (File.Exists(text))
        {
            return ModelSearch.Found(Path.GetFullPath(text));
        }

        if (text.AsSpan().ContainsAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar))
        {
            var isRepository = text.Split('/') is [{ Length: > 0 }, { Length: > 0 }] && !text.StartsWith('.');
            return ModelSearch.Nothing(Directory.Exists(text)
                ? $"{Terminal.Shown(text)} is a folder; name a file of it, or show it with --models"
                : $"there is no model file {Terminal.Shown(text)}; check the path{(isRepository ? $", or, if that is a repository: holdfast models pull {Terminal.Shown(text)}" : "")}");
        }

        foreach (var folder in Folders)
        {
            if (FindIn(Places(folder), text) is { } found)
            {
                return found;
            }
        }

        return ModelSearch.Nothing(Unknown(text));
    }

    /// <summary>The shortest text that <c>--model</c> takes for exactly this file.</summary>
    public string Reference(ModelPlace place) => new[] { place.Name, place.Stem }.FirstOrDefault(text => Find(text).Path == place.Path) ?? place.Path;

    private static IEnumerable<ModelPlace> Places(ModelFolder folder)
    {
        // A folder that may not be read is like one that is not there: the others still count.
        var options = new EnumerationOptions { IgnoreInaccessible = true, MatchCasing = MatchCasing.CaseInsensitive };
        return Directory.Exists(folder.Path)
            ? Directory.EnumerateFiles(folder.Path, "*" + FileEnding, options).Order(StringComparer.Ordinal).Select(path => new ModelPlace(folder, path, ModelName.Of(path)))
            : [];
    }

    private static ModelSearch? FindIn(IEnumerable<ModelPlace> places, string text)
    {
        var here = places.ToList();
        var stem = text.EndsWith(FileEnding, StringComparison.OrdinalIgnoreCase) ? text[..^FileEnding.Length] : text;
        var same = here.FindAll(place => string.Equals(place.Stem, stem, StringComparison.OrdinalIgnoreCase));
        var hits = same.Count > 0 ? same : here.FindAll(place => string.Equals(place.Name, text, StringComparison.OrdinalIgnoreCase));
        var exact = hits.Find(place => place.Stem == stem);
        return (exact ?? hits.FirstOrDefault(), hits.Count) switch
        {
            (null, _) => null,
            ({ } one, 1) => ModelSearch.Found(one.Path),
            ({ } one, _) when exact is not null => ModelSearch.Found(one.Path),
            ({ } one, _) => ModelSearch.Nothing($"{Terminal.Shown(text)} may be {Listed(hits.Select(place => place.Stem), " or ")} in {one.Folder.Path}; name one of them"),
        };
    }

    private static string Listed(IEnumerable<string> names, string last = ", ")
    {
        var shown = names.Select(Terminal.Shown).ToList();
        return string.Join(last, shown.Take(NamesShownMax)) + (shown.Count > NamesShownMax ? $" and {shown.Count - NamesShownMax} more" : "");
    }

    private string Unknown(string text)
    {
        var names = Places().Select(place => place.Name).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var here = names.Count == 0 ? "there is none" : $"here are {Listed(names)}";
        var near = NearestName.Find(text, names) is { } name ? $"; did you mean {Terminal.Shown(name)}?" : "";
        return $"there is no model {Terminal.Shown(text)} in {string.Join(", ", Folders.Select(folder => folder.Path))}: {here}{near}\n" +
            "  get one: holdfast models pull NAME (names: holdfast models list --catalogue), or give the path of a file, or another folder with --models DIR";
    }

    private static string UserCache()
    {
        // What the user may delete without loss: it can be pulled again.
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var cache = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches")
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } stated ? stated : Path.Combine(home, ".cache");
        return Path.Combine(cache, "holdfast", "models");
    }
}
