using Holdfast.Abstractions.Reading;

namespace Holdfast.Documents.Cleaning.Rules;

/// <summary>
/// Takes away what a page repeats: headers, footers, page numbers, watermarks. A line counts when, numbers aside, it stands
/// at the same edge (first or last three lines) of at least four pages and of half of all pages, or of half of the odd or
/// even ones, and its numbers stand still or follow the page number. A line in the middle must be on four pages in five. Table
/// rows and list lines never count: a table's head repeats for a reason.
/// </summary>
internal sealed class RunningLinesRule : ICleaningRule
{
    private const int EdgeLines = 3;
    private const int PagesMin = 4;
    private const double EdgeShareMin = 0.5;
    private const double BodyShareMin = 0.8;
    private const double StepsShareMin = 0.9;
    private const int LineCharactersMax = 200;

    public string Name => "running-lines";

    public void Find(CleaningInput input, EditList edits)
    {
        if (input.Pages.Count < PagesMin)
        {
            return;
        }

        Dictionary<(string Key, LineEdge Edge), List<PageLine>> groups = [];
        for (int page = 0; page < input.Pages.Count; page++)
        {
            Collect(input.Text, input.Pages[page], page, groups);
        }

        HashSet<int> starts = [];
        List<(int Start, int Length)> gone = [];
        foreach (((string _, LineEdge edge), List<PageLine> lines) in groups)
        {
            if (!IsRunning(lines, edge, input.Pages.Count))
            {
                continue;
            }

            foreach (PageLine line in lines)
            {
                if (starts.Add(line.Start))
                {
                    gone.Add((line.Start, line.Length));
                }
            }
        }

        gone.Sort();
        foreach ((int start, int length) in gone)
        {
            // With its line end, so that what stood around it closes up.
            int end = start + length;
            edits.Add(start, end < input.Text.Length && input.Text[end] == '\n' ? length + 1 : length, "");
        }
    }

    private static void Collect(string text, PageSpan page, int index, Dictionary<(string, LineEdge), List<PageLine>> groups)
    {
        List<(int Start, int Length)> lines = [];
        int end = page.Start + page.Length;
        int at = page.Start;
        while (at < end)
        {
            int found = text.IndexOf('\n', at, end - at);
            int lineEnd = found < 0 ? end : found;
            if (!text.AsSpan(at, lineEnd - at).IsWhiteSpace())
            {
                lines.Add((at, lineEnd - at));
            }

            at = lineEnd + 1;
        }

        HashSet<(string, LineEdge)> seen = [];
        for (int i = 0; i < lines.Count; i++)
        {
            (int start, int length) = lines[i];
            ReadOnlySpan<char> line = text.AsSpan(start, length).Trim();
            if (line.Length > LineCharactersMax || IsRowOrItem(line))
            {
                continue;
            }

            // A short page has lines at both edges; then each edge counts for itself.
            string key = Fold(line, out List<int> numbers);
            PageLine entry = new(index, start, length, numbers);
            if (i < EdgeLines)
            {
                Add((key, LineEdge.Top), entry);
            }

            if (i >= lines.Count - EdgeLines)
            {
                Add((key, LineEdge.Bottom), entry);
            }

            Add((key, LineEdge.None), entry);
        }

        void Add((string Key, LineEdge Edge) group, PageLine entry)
        {
            if (!seen.Add(group))
            {
                return;
            }

            if (!groups.TryGetValue(group, out List<PageLine>? members))
            {
                groups[group] = members = [];
            }

            members.Add(entry);
        }
    }

    private static bool IsRunning(List<PageLine> lines, LineEdge edge, int pages)
    {
        if (lines.Count < Math.Min(PagesMin, (pages + 1) / 2) || lines.Count < 2)
        {
            return false;
        }

        double share = (double)lines.Count / pages;
        bool isFrequent = edge == LineEdge.None
            ? share >= BodyShareMin && lines.Count >= PagesMin
            : share >= EdgeShareMin || (IsOneParity(lines) && share >= EdgeShareMin / 2);
        return isFrequent && HasQuietNumbers(lines);
    }

    private static bool IsOneParity(List<PageLine> lines)
    {
        foreach (PageLine line in lines)
        {
            if ((line.Page - lines[0].Page) % 2 != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Each number stands still or grows no faster than the pages: a page or chapter number, not a measured value.</summary>
    private static bool HasQuietNumbers(List<PageLine> lines)
    {
        int quiet = 0;
        for (int i = 1; i < lines.Count; i++)
        {
            int pages = lines[i].Page - lines[i - 1].Page;
            bool isQuiet = true;
            for (int n = 0; n < lines[i].Numbers.Count; n++)
            {
                long step = (long)lines[i].Numbers[n] - lines[i - 1].Numbers[n];
                isQuiet &= step >= 0 && step <= pages;
            }

            quiet += isQuiet ? 1 : 0;
        }

        return quiet >= StepsShareMin * (lines.Count - 1);
    }

    private static bool IsRowOrItem(ReadOnlySpan<char> line) =>
        line.Contains('|') || line.Contains('\t') || line.StartsWith("- ") || line.StartsWith("* ") || line.StartsWith("• ");

    /// <summary>The line with each number as #, lower-case roman numerals alone on a line included.</summary>
    private static string Fold(ReadOnlySpan<char> line, out List<int> numbers)
    {
        numbers = [];
        ReadOnlySpan<char> bare = line.Trim(" -–—.[]()");
        if (bare.Length is > 0 and <= 8 && RomanNumeral.TryParse(bare, out int roman))
        {
            numbers.Add(roman);
            return "#";
        }

        Span<char> folded = stackalloc char[LineCharactersMax];
        int length = 0;
        for (int i = 0; i < line.Length; i++)
        {
            if (!char.IsAsciiDigit(line[i]))
            {
                folded[length++] = line[i];
                continue;
            }

            int value = 0;
            while (i < line.Length && char.IsAsciiDigit(line[i]))
            {
                value = value > 100_000_000 ? value : (value * 10) + line[i] - '0';
                i++;
            }

            i--;
            numbers.Add(value);
            folded[length++] = '#';
        }

        return new string(folded[..length]);
    }
}
