using System.Text.RegularExpressions;
using Holdfast.Configuration;

namespace Holdfast.Tests.Configuration;

public sealed partial class ConfigurationReferenceTests
{
    // Words of the same form that are other things.
    private static readonly string[] FileEndings = ["cs", "css", "db", "gguf", "js", "json", "jsonl", "md", "yaml"];

    // Bounds of the template renderer, which no file sets: their faults can only meet who writes code here.
    private static readonly string[] NotSettings = ["template.charactersMax"];

    [Fact]
    public void The_page_is_what_the_records_say()
    {
        // When this fails: holdfast check --reference > docs/configuration.md
        Assert.Equal(File.ReadAllText(Path.Combine(Root(), "docs", "configuration.md")), ConfigurationReference.Write());
    }

    [Fact]
    public void Every_setting_has_a_meaning()
    {
        var rows = ConfigurationReference.Write().Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal));

        Assert.DoesNotContain(rows, row => row.EndsWith("|  |", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_setting_that_a_message_or_a_page_names_is_one()
    {
        var (settings, sections) = Known();
        var root = Root();
        string[] files =
        [
            .. new[] { "src", "docs", "deploy" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*", SearchOption.AllDirectories)),
            Path.Combine(root, "README.md"),
        ];
        var wrong = files.Where(IsText).SelectMany(file => File.ReadLines(file).SelectMany((line, i) => Unknown(line, settings, sections).Select(word => $"{Path.GetRelativePath(root, file)}:{i + 1}: {word}")));

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("(limits.bodyDeadline)", "limits.bodyDeadline")]
    [InlineData("`records.rowsMax`", "records.rowsMax")]
    [InlineData("$\"gateway.limits.bodyDedline is {value}\"", "gateway.limits.bodyDedline")]
    [InlineData("--set other.kvMiB=5", "other.kvMiB")]
    [InlineData("raise upstreams[2].timeouts.idl", "upstreams[].timeouts.idl")]
    [InlineData("upstreams[{i}].timeouts.idle, gateway.limits and gateway.limits.bodyDeadline in keys.db, docs/console.md, ingest.readers=2.")]
    public void A_name_that_looks_like_a_setting_and_is_none_is_found(string line, params string[] wrong)
    {
        var (settings, sections) = Known();

        Assert.Equal(wrong, Unknown(line, settings, sections));
    }

    private static IEnumerable<string> Unknown(string line, HashSet<string> settings, HashSet<string> sections)
    {
        var found = DottedWord().Matches(line).Where(match => StandsAlone(line, match)).ToList();
        if (found.Count == 0)
        {
            yield break;
        }

        // A section's own settings may have names that anything has (`name`, `total`); those of several words are nothing but settings.
        var heads = sections.SelectMany(section => section.Replace("[]", "", StringComparison.Ordinal).Split('.')).ToHashSet(StringComparer.Ordinal);
        var leaves = settings.Select(setting => setting.Split('.')[^1]).Where(leaf => leaf.Any(char.IsAsciiLetterUpper)).ToHashSet(StringComparer.Ordinal);
        foreach (var match in found)
        {
            var word = Index().Replace(match.Value, "[]");
            var parts = word.Replace("[]", "", StringComparison.Ordinal).Split('.');
            var looksLikeOne = (heads.Contains(parts[0]) && !FileEndings.Contains(parts[^1])) || leaves.Contains(parts[^1]);
            if (looksLikeOne && !settings.Contains(word) && !sections.Contains(word) && !NotSettings.Contains(word))
            {
                yield return word;
            }
        }
    }

    /// <summary>The settings and sections of the reference, by their full names.</summary>
    private static (HashSet<string> Settings, HashSet<string> Sections) Known()
    {
        var (settings, sections, section) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal), "");
        foreach (var line in ConfigurationReference.Write().Split('\n'))
        {
            if (line.StartsWith("## `", StringComparison.Ordinal))
            {
                section = line[4..^1];
                sections.Add(section);
            }
            else if (line.StartsWith("| `", StringComparison.Ordinal))
            {
                settings.Add((section.Length > 0 ? section + "." : "") + line[3..line.IndexOf('`', 3)]);
            }
        }

        return (settings, sections);
    }

    private static bool IsText(string file) =>
        Path.GetExtension(file) is ".cs" or ".razor" or ".md" or ".yaml" or ".yml" or ".service"
        && !file.Split(Path.DirectorySeparatorChar).Any(folder => folder is "bin" or "obj");

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Holdfast.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }

    /// <summary>False for a part of a path, of an address, of a call or of a longer word.</summary>
    private static bool StandsAlone(string line, Match match)
    {
        var (before, after) = (line[..match.Index], line[(match.Index + match.Length)..]);
        return !(before.Length > 0 && (char.IsLetterOrDigit(before[^1]) || "_./@$-".Contains(before[^1], StringComparison.Ordinal)))
            && !(after.Length > 0 && (char.IsLetterOrDigit(after[0]) || "_-/(".Contains(after[0], StringComparison.Ordinal)))
            && !(after.Length > 1 && after[0] == '.' && char.IsLetterOrDigit(after[1]));
    }

    // Members of C# begin with a capital, so that code is not taken for settings.
    [GeneratedRegex(@"[a-z][A-Za-z]*(\[[^\]\s]*\])?(\.[a-z][A-Za-z]*(\[[^\]\s]*\])?)+", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex DottedWord();

    [GeneratedRegex(@"\[[^\]]*\]", RegexOptions.NonBacktracking)]
    private static partial Regex Index();
}
