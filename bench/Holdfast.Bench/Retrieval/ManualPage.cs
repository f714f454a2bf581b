using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Holdfast.Abstractions.Reading;

namespace Holdfast.Bench.Retrieval;

/// <summary>
/// A rough reader of one generation of HTML manuals (Sphinx), so that this bench measures retrieval alone: main text, headings, list
/// items, code; passages of up to 130 words that never cross a heading.
/// </summary>
internal static partial class ManualPage
{
    private const int PassageWordsMax = 130;
    private const int TimeoutMilliseconds = 10_000;

    public static DocumentText Read(string html, string name)
    {
        var start = html.IndexOf("role=\"main\"", StringComparison.Ordinal);
        var main = start < 0 ? html : html[(html.IndexOf('>', start) + 1)..];
        var end = main.IndexOf("<div class=\"sphinxsidebar\"", StringComparison.Ordinal);
        main = Dropped().Replace(end < 0 ? main : main[..end], " ");
        var title = Title().Match(html) is { Success: true } match ? Plain(match.Groups["title"].Value) : name;
        var text = new StringBuilder();
        var headings = new List<HeadingSpan>();
        var blocks = new List<(int Start, int Length)>();
        foreach (var piece in Block().Split(main))
        {
            var level = piece.Length > 2 && piece[0] == '<' && piece[1] == 'h' && char.IsAsciiDigit(piece[2]) ? piece[2] - '0' : 0;
            var isCode = piece.StartsWith("<pre", StringComparison.Ordinal);
            var plain = isCode ? WebUtility.HtmlDecode(Tag().Replace(piece, "")).Trim('\n') : Plain(piece);
            if (plain.Trim().Length == 0)
            {
                continue;
            }

            plain = piece.StartsWith("<li", StringComparison.Ordinal) ? "- " + plain : plain;
            text.Append(text.Length > 0 ? "\n\n" : "");
            if (level > 0)
            {
                headings.Add(new HeadingSpan(level, text.Length, plain.Length));
            }

            blocks.Add((text.Length, plain.Length));
            text.Append(plain);
        }

        var whole = text.ToString();
        return new DocumentText
        {
            Title = title,
            MediaType = "text/html",
            Text = whole,
            Headings = headings,
            Passages = Cut(whole, blocks, headings),
        };
    }

    private static List<PassageSpan> Cut(string text, List<(int Start, int Length)> blocks, List<HeadingSpan> headings)
    {
        var passages = new List<PassageSpan>();
        var path = new string?[7];
        int start = -1, end = 0, words = 0;
        foreach (var block in blocks)
        {
            var heading = headings.FirstOrDefault(candidate => candidate.Start == block.Start);
            var blockWords = text.AsSpan(block.Start, block.Length).Count(' ') + 1;
            if (start >= 0 && (heading is not null || words + blockWords > PassageWordsMax))
            {
                passages.Add(new PassageSpan(start, end - start, Joined(path), null));
                start = -1;
                words = 0;
            }

            if (heading is not null)
            {
                path[heading.Level] = text.Substring(heading.Start, heading.Length);
                Array.Clear(path, heading.Level + 1, 6 - heading.Level);
                continue;
            }

            start = start < 0 ? block.Start : start;
            end = block.Start + block.Length;
            words += blockWords;
        }

        if (start >= 0)
        {
            passages.Add(new PassageSpan(start, end - start, Joined(path), null));
        }

        return passages;
    }

    private static string? Joined(string?[] path) =>
        path.Any(part => part is not null) ? string.Join(" > ", path.Where(part => part is not null)) : null;

    private static string Plain(string html) =>
        Space().Replace(WebUtility.HtmlDecode(Tag().Replace(html, "")).Replace("¶", "", StringComparison.Ordinal), " ").Trim();

    [GeneratedRegex("<script.*?</script>|<style.*?</style>|<!--.*?-->", RegexOptions.Singleline, TimeoutMilliseconds)]
    private static partial Regex Dropped();

    [GeneratedRegex("<title>(?<title>.*?)</title>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, TimeoutMilliseconds)]
    private static partial Regex Title();

    [GeneratedRegex("(?=<(?:p|h[1-6]|li|dt|dd|pre|tr|div|section|table|blockquote)[ >])", RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex Block();

    [GeneratedRegex("<[^>]*>", RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex Tag();

    [GeneratedRegex("\\s+", RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex Space();
}
