using System.Text.RegularExpressions;
using Holdfast.Configuration;
using Holdfast.Printing;

namespace Holdfast.Pulling;

/// <summary>
/// What to pull: a name of the catalogue, or <c>owner/repository</c>, with <c>:FILE</c> or <c>:QUANTISATION</c> behind it where the repository has several files.
/// </summary>
internal sealed partial record PullName
{
    private static readonly string[] Prefixes = ["https://huggingface.co/", "huggingface.co/", "hf.co/"];

    public required string Repository { get; init; }

    /// <summary>A file or a quantisation; null: the only one, or the first of the documented order.</summary>
    public string? Selector { get; init; }

    /// <summary>Not null when the catalogue says what the file is.</summary>
    public CatalogueEntry? Entry { get; init; }

    /// <summary>Throws <see cref="PullException"/> for what is no name.</summary>
    public static PullName Parse(string text)
    {
        var bare = text;
        if (Array.Find(Prefixes, prefix => text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) is { } hub)
        {
            bare = OfPage(text[hub.Length..]);
        }

        bare = bare.TrimEnd('/');
        var (name, selector) = bare.Split(':', 2) is [var left, var right] ? (left, right) : (bare, null);
        if (selector is { Length: 0 })
        {
            throw new PullException($"{Terminal.Shown(text)} ends with a colon; write a file or a quantisation behind it, or leave it out", isWrongUse: true);
        }

        if (!name.Contains('/', StringComparison.Ordinal))
        {
            var entry = ModelCatalogue.Entries.FirstOrDefault(entry => string.Equals(entry.Name, name, StringComparison.OrdinalIgnoreCase)) ?? throw Unknown(name);
            return new PullName { Repository = entry.Repository, Selector = selector, Entry = selector is null ? entry : null };
        }

        return IsRepository(name)
            ? new PullName { Repository = name, Selector = selector }
            : throw new PullException($"{Terminal.Shown(name)} is no repository; write OWNER/NAME with letters, digits, . _ and -, such as {ModelCatalogue.Entries[1].Repository}", isWrongUse: true);
    }

    /// <summary>The rest of a pasted address of the hub as a name: a page of a repository, or of a file of its main branch.</summary>
    private static string OfPage(string rest)
    {
        // What a browser adds behind a question mark or a number sign (?download=true) does not change the file.
        var page = rest.Split('?', '#')[0].TrimEnd('/');
        return page.Split('/', 5) is [var owner, var name, "blob" or "resolve" or "tree", "main", .. var path] ? $"{owner}/{name}{(path is [var file] ? ":" + Uri.UnescapeDataString(file) : "")}" : page;
    }

    private static PullException Unknown(string name)
    {
        var names = ModelCatalogue.Entries.Select(entry => entry.Name).ToList();
        var near = NearestName.Find(name, names) is { } candidate ? $"did you mean {candidate}? " : "";
        return new PullException($"{Terminal.Shown(name)} is not in the catalogue; {near}it has {string.Join(", ", names)}; anything else by its repository: OWNER/NAME", isWrongUse: true);
    }

    private static bool IsRepository(string name) => !name.Contains("..", StringComparison.Ordinal) && !name.Contains("--", StringComparison.Ordinal) && Repositories().IsMatch(name);

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._-]{0,95}/[A-Za-z0-9_][A-Za-z0-9._-]{0,95}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Repositories();
}
