using Holdfast.Abstractions.Reading;
using Holdfast.Documents.Blocks;

namespace Holdfast.Documents.Reading;

/// <summary>
/// Plain text keeps its lines. A form feed begins a page. A line underlined with one sign (as in reStructuredText) is a heading, and so are a short first line
/// above a blank one and a line of capitals below a blank one;
/// source code, configuration and logs are one block of code, so that their indentation stays.
/// </summary>
internal static class PlainTextReader
{
    private const int HeadingCharactersMax = 120;
    private const int BareHeadingCharactersMax = 80;
    private const string Underlines = "=-~^\"*+#";

    private static readonly HashSet<string> CodeExtensions = new(StringComparer.Ordinal)
    {
        ".c", ".cc", ".cfg", ".conf", ".cpp", ".cs", ".css", ".env", ".go", ".h", ".hpp", ".ini", ".java", ".js", ".json", ".kt", ".log", ".lua", ".php", ".pl",
        ".properties", ".ps1", ".py", ".rb", ".rs", ".sh", ".sql", ".swift", ".tf", ".toml", ".ts", ".xml", ".yaml", ".yml",
    };

    public static Draft Read(ReadJob job)
    {
        string text = job.Text.Length > job.Options.CharactersMax
            ? throw new ReadFaultException(
                $"holds {job.Text.Length} characters of text, more than {job.Options.CharactersMax} (documents.charactersMax): split it or raise the limit")
            : job.Text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        List<PageSpan> pages = Pages(ref text);
        bool isCode = CodeExtensions.Contains(job.Extension);
        List<Block> blocks = isCode ? [new Block(BlockKind.Code, 0, text.Length, 0)] : Headings(text, job.CancellationToken);
        return new Draft
        {
            MediaType = isCode ? "text/x-source" : "text/plain",
            Text = text,
            Blocks = blocks,
            Pages = pages,
            IsTypeset = pages.Count > 1,
        };
    }

    /// <summary>The pages between form feeds; each form feed becomes a line break, so that offsets of pages stay simple.</summary>
    private static List<PageSpan> Pages(ref string text)
    {
        List<PageSpan> pages = [];
        if (!text.AsSpan().TrimEnd().Contains('\f'))
        {
            return pages;
        }

        int start = 0;
        while (start <= text.Length)
        {
            int found = text.IndexOf('\f', start);
            int end = found < 0 ? text.Length : found;
            pages.Add(new PageSpan(pages.Count + 1, start, end - start));
            start = end + 1;
        }

        text = text.Replace('\f', '\n');
        return pages;
    }

    private static List<Block> Headings(string text, CancellationToken cancellationToken)
    {
        List<Block> blocks = [];
        List<char> levels = [];
        int at = 0;
        int previous = -1;
        int previousEnd = -1;
        while (at < text.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int found = text.IndexOf('\n', at);
            int end = found < 0 ? text.Length : found;
            if (previous >= 0 && IsUnderline(text.AsSpan(at, end - at), previousEnd - previous) && IsAlone(text, previous))
            {
                char sign = text[at];
                if (!levels.Contains(sign))
                {
                    levels.Add(sign);
                }

                blocks.Add(new Block(BlockKind.Heading, previous, previousEnd - previous, Math.Min(6, levels.IndexOf(sign) + 1)));
                previous = -1;
            }
            else
            {
                if (previous >= 0 && previousEnd - previous <= BareHeadingCharactersMax)
                {
                    AddBareHeading(text, previous, previousEnd, isBlankBelow: text.AsSpan(at, end - at).IsWhiteSpace(), blocks);
                }

                bool isCandidate = end > at && end - at <= HeadingCharactersMax && char.IsLetterOrDigit(text[at]);
                previous = isCandidate ? at : -1;
                previousEnd = end;
            }

            at = end + 1;
        }

        return blocks;
    }

    private static void AddBareHeading(string text, int start, int end, bool isBlankBelow, List<Block> blocks)
    {
        ReadOnlySpan<char> line = text.AsSpan(start, end - start).TrimEnd();
        bool isFirst = text.AsSpan(0, start).IsWhiteSpace();
        bool isTitle = isFirst && isBlankBelow && line[^1] is not ('.' or ',' or ';' or ':' or '?' or '!') && !line.Contains("  ", StringComparison.Ordinal);
        bool isCapitals = !isFirst && IsAlone(text, start) && line.Length >= 3 && line.IndexOfAnyInRange('a', 'z') < 0
            && line.IndexOfAnyInRange('A', 'Z') >= 0 && line.IndexOfAnyInRange('0', '9') < 0 && !line.Contains("  ", StringComparison.Ordinal);
        if (isTitle || isCapitals)
        {
            blocks.Add(new Block(BlockKind.Heading, start, line.Length, isTitle ? 1 : 2));
        }
    }

    private static bool IsUnderline(ReadOnlySpan<char> line, int titleLength)
    {
        line = line.TrimEnd();
        return line.Length >= 3 && line.Length >= titleLength - 1 && line.Length <= titleLength + 40
            && Underlines.Contains(line[0], StringComparison.Ordinal) && !line.ContainsAnyExcept(line[0]);
    }

    // After a blank line, or an overline of the same kind: else it is the last line of a paragraph above a rule.
    private static bool IsAlone(string text, int start)
    {
        if (start == 0)
        {
            return true;
        }

        char before = start >= 2 ? text[start - 2] : '\n';
        return before == '\n' || Underlines.Contains(before, StringComparison.Ordinal);
    }
}
