using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Holdfast.Tests.Samples;

/// <summary>The sample handbook as it lies in the repository.</summary>
internal static partial class Handbook
{
    public static string Root { get; } = FindRoot();

    public static string Folder { get; } = Path.Combine(Root, "samples", "handbook");

    public static string Sources { get; } = Path.Combine(Root, "samples", "handbook-sources");

    public static IReadOnlyList<HandbookQuestion> Questions { get; } =
    [
        .. File.ReadLines(Path.Combine(Folder, "questions.jsonl")).Select(line => JsonSerializer.Deserialize<HandbookQuestion>(line, JsonSerializerOptions.Web)!),
    ];

    /// <summary>Paths below the folder, with <c>/</c>, of what is to be read: without the questions and the ignore file.</summary>
    public static IReadOnlyList<string> Documents { get; } =
    [
        .. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/'))
            .Where(path => path.Contains('/', StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The words of a document, single-spaced: of its source when it is a made file, else of the file itself.</summary>
    public static string Words(string document)
    {
        string source = Path.Combine(Sources, document + ".src");
        string text = File.ReadAllText(File.Exists(source) ? source : Path.Combine(Folder, document), Encoding.UTF8);
        if (document.EndsWith(".html", StringComparison.Ordinal))
        {
            text = WebUtility.HtmlDecode(Tag().Replace(text, "")).Replace('\u00A0', ' ');
        }

        return SingleSpaced(text);
    }

    public static string SingleSpaced(string text) => Space().Replace(text, " ").Trim();

    [GeneratedRegex("<[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Space();

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Holdfast.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No Holdfast.slnx above {AppContext.BaseDirectory}");
    }
}
