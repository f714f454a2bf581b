using System.Text.RegularExpressions;
using Holdfast.Engine.Gguf;
using Holdfast.Printing;

namespace Holdfast.Pulling;

/// <summary>Which file of a repository is meant. Pure: the list and the selector come in, one file or a refusal that lists the others goes out.</summary>
internal static partial class FileChoice
{
    private const int FilesShownMax = 30;

    /// <summary>What is taken where several fit and nothing was said: small and good first, each of them read by this engine.</summary>
    public static IReadOnlyList<string> DefaultOrder { get; } = ["Q4_K_M", "Q5_K_M", "Q6_K", "Q8_0", "Q4_1", "Q4_0", "F16", "BF16"];

    /// <summary>The file, and what to tell the user when the order picked it. Throws <see cref="PullException"/>.</summary>
    public static (HubFile File, string? Note) Choose(HubRepository repository, string? selector)
    {
        var files = repository.Files.Where(file => file.Path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) && !Companions().IsMatch(BaseName(file))).ToList();
        if (files.Count == 0)
        {
            throw new PullException($"{repository.Name} has no .gguf file; look for a repository whose name ends in -GGUF", isWrongUse: true);
        }

        var (file, note) = selector is null ? Default(repository, files) : (Selected(repository, files, selector), null);
        if (Parts().IsMatch(BaseName(file)))
        {
            throw new PullException($"{Shown(file)} is one part of several; this engine reads whole files: pick another of {Listed(files)}", isWrongUse: true);
        }

        // The name becomes a file here: no folder, no escape, nothing that a shell or a terminal would take for something else.
        return SafeNames().IsMatch(BaseName(file)) && !file.Path.Split('/', '\\').Contains("..")
            ? (file, note)
            : throw new PullException($"the file name {Shown(file)} is refused; a model file is named with letters, digits, . _ + and -, and begins with a letter or digit");
    }

    /// <summary>The name that the file gets here: the last part of its path.</summary>
    public static string BaseName(HubFile file) => file.Path[(file.Path.LastIndexOfAny(['/', '\\']) + 1)..];

    /// <summary>The mark of the quantisation in a file's name, such as Q4_K_M; empty without one.</summary>
    internal static string Quantisation(HubFile file)
    {
        var stem = Path.GetFileNameWithoutExtension(BaseName(file));
        var bare = ModelName.Of(stem + ".gguf");
        return bare.Length < stem.Length ? Mark(stem[(bare.Length + 1)..]) : "";
    }

    /// <summary>One spelling for each mark: some publishers write FP16 for F16.</summary>
    private static string Mark(string text) => text.ToUpperInvariant() switch { "FP16" => "F16", "FP32" => "F32", var mark => mark };

    private static (HubFile File, string? Note) Default(HubRepository repository, List<HubFile> files)
    {
        if (files is [var only])
        {
            return (only, null);
        }

        foreach (var wanted in DefaultOrder)
        {
            var hits = files.FindAll(file => Quantisation(file) == wanted && !Parts().IsMatch(BaseName(file)));
            if (hits is [var file])
            {
                return (file, $"{repository.Name} has {files.Count} model files: {Listed(files)}\n  taken: {Shown(file)}, the first of {string.Join(", ", DefaultOrder)}; another one: holdfast models pull {repository.Name}:QUANTISATION");
            }

            if (hits.Count > 1)
            {
                break;
            }
        }

        throw new PullException($"{repository.Name} has {files.Count} model files; name one, as in {repository.Name}:FILE, of {Listed(files)}", isWrongUse: true);
    }

    private static HubFile Selected(HubRepository repository, List<HubFile> files, string selector)
    {
        bool IsNamed(string name) => string.Equals(name, selector, StringComparison.OrdinalIgnoreCase) || string.Equals(name, selector + ".gguf", StringComparison.OrdinalIgnoreCase);
        var hits = files.FindAll(file => file.Path == selector);
        if (hits.Count == 0)
        {
            hits = files.FindAll(file => IsNamed(file.Path) || IsNamed(BaseName(file)));
        }

        if (hits.Count == 0)
        {
            hits = files.FindAll(file => Quantisation(file) == Mark(selector));
        }

        return hits switch
        {
            [var one] => one,
            [] => throw new PullException($"{repository.Name} has no {Terminal.Shown(selector)}; it has {Listed(files)}", isWrongUse: true),
            _ => throw new PullException($"{Terminal.Shown(selector)} fits {hits.Count} files of {repository.Name}; name one of {Listed(hits)}", isWrongUse: true),
        };
    }

    private static string Listed(List<HubFile> files) =>
        string.Join(", ", files.Take(FilesShownMax).Select(file => $"{Shown(file)} ({ByteText.Of(file.Bytes)})")) + (files.Count > FilesShownMax ? $" and {files.Count - FilesShownMax} more" : "");

    private static string Shown(HubFile file) => Terminal.Shown(file.Path);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._+-]{0,199}\.gguf\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex SafeNames();

    [GeneratedRegex(@"-[0-9]{5}-of-[0-9]{5}\.gguf\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Parts();

    // Projectors and importance matrices lie beside models and are none.
    [GeneratedRegex(@"^mmproj|[-._]mmproj|imatrix", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Companions();
}
