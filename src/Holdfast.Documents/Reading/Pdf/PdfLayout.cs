using Holdfast.Abstractions.Reading;
using Holdfast.Documents.Blocks;

namespace Holdfast.Documents.Reading.Pdf;

/// <summary>
/// Makes paragraphs, headings, code and tables out of lines. A larger or bold short line is a heading; lines in a typewriter font are code; three lines with
/// column gaps below each other are a table; a paragraph ends where the lines stand further apart.
/// </summary>
internal sealed class PdfLayout
{
    // Of a line's size: the usual distance of lines is 1.2, of paragraphs 1.6 and more.
    private const double ParagraphGapMin = 1.55;

    // TeX sets a subsection in 12 points over a text in 11.
    private const double HeadingFactor = 1.08;
    private const int HeadingCharactersMax = 150;
    private const int HeadingLevelsMax = 4;
    private const int TableLinesMin = 3;
    private const int SlantedPagesMin = 4;
    private const double SlantedShareMin = 0.8;

    private readonly PdfPageLines?[] _pages;
    private readonly int _broken;
    private readonly DraftBuilder _builder;
    private readonly double _bodySize;
    private readonly List<double> _headingSizes;
    private readonly string? _watermark;
    private int _watermarks;

    public PdfLayout(PdfPageLines?[] pages, int broken, ReadJob job)
    {
        _pages = pages;
        _broken = broken;
        _builder = new DraftBuilder(job.Options.CharactersMax);
        _bodySize = BodySize(pages);
        _headingSizes = HeadingSizes(pages, _bodySize);
        _watermark = Watermark(pages);
    }

    public Draft ToDraft(string? title, IReadOnlyDictionary<string, object> attributes)
    {
        List<PageSpan> spans = new(_pages.Length);
        for (int i = 0; i < _pages.Length; i++)
        {
            int blocks = _builder.Blocks.Count;
            if (_pages[i] is { } page)
            {
                Write(page);
            }

            _builder.Close();
            bool isEmpty = _builder.Blocks.Count == blocks;
            int start = isEmpty ? _builder.Length : _builder.Blocks[blocks].Start;
            spans.Add(new PageSpan(i + 1, start, _builder.Length - start));
        }

        string text = _builder.ToString();
        Block heading = _builder.Blocks.FirstOrDefault(static b => b.Kind == BlockKind.Heading);
        return new Draft
        {
            MediaType = "application/pdf",
            Text = text,
            Blocks = _builder.Blocks,
            Pages = spans,
            IsTypeset = true,
            Title = heading.Length > 0 ? text.Substring(heading.Start, heading.Length) : title,
            Attributes = attributes,
            Counts = Counts(),
        };
    }

    private List<RuleCount> Counts()
    {
        List<RuleCount> counts = [];
        Add("hidden-text", _pages.Sum(static p => p?.HiddenRuns ?? 0));
        Add("doubled-letters", _pages.Sum(static p => p?.DoubledLetters ?? 0));
        Add("watermark", _watermarks);
        Add("broken-page", _broken);
        return counts;

        void Add(string rule, int count)
        {
            if (count > 0)
            {
                counts.Add(new RuleCount(rule, count));
            }
        }
    }

    private void Write(PdfPageLines page)
    {
        IReadOnlyList<PdfLine> lines = page.Lines;
        int at = 0;
        while (at < lines.Count)
        {
            int end = TableEnd(lines, at);
            if (end - at >= TableLinesMin)
            {
                WriteTable(lines, at, end);
            }
            else if (lines[at].IsMonospaced && (end = CodeEnd(lines, at)) > at)
            {
                WriteCode(lines, at, end);
            }
            else
            {
                end = at + 1;
                WriteLine(lines, at);
            }

            at = end;
        }

        if (page.Slanted.Length > 0)
        {
            if (page.Slanted == _watermark)
            {
                _watermarks++;
            }
            else
            {
                _builder.Open(BlockKind.Paragraph);
                _builder.AppendRaw(page.Slanted);
            }
        }
    }

    private void WriteLine(IReadOnlyList<PdfLine> lines, int at)
    {
        PdfLine line = lines[at];
        int level = HeadingLevel(line);
        bool goesOn = at > 0 && _builder.IsOpen && IsNextLine(lines[at - 1], line)
            && (level > 0) == (_builder.Kind == BlockKind.Heading) && (level == 0 || Math.Abs(line.Size - lines[at - 1].Size) < 0.1);
        if (goesOn)
        {
            _builder.AppendRaw("\n");
        }
        else
        {
            _builder.Open(level > 0 ? BlockKind.Heading : BlockKind.Paragraph, level);
        }

        _builder.AppendRaw(line.Text.Replace('\t', ' '));
    }

    /// <summary>Whether a line goes on with the paragraph before it: one line below, or at the top of the next column in the middle of a sentence.</summary>
    private static bool IsNextLine(PdfLine before, PdfLine line)
    {
        double drop = before.Y - line.Y;
        double size = Math.Max(before.Size, line.Size);
        if (drop < -size)
        {
            bool isOpen = before.Text.Length > 0 && !".!?:".Contains(before.Text[^1], StringComparison.Ordinal);
            return isOpen && line.Text.Length > 0 && char.IsLower(line.Text[0]);
        }

        return drop <= ParagraphGapMin * size;
    }

    private void WriteTable(IReadOnlyList<PdfLine> lines, int at, int end)
    {
        _builder.Open(BlockKind.Table);
        for (int i = at; i < end; i++)
        {
            _builder.AppendRaw(i > at ? "\n" : "");
            _builder.AppendRaw(lines[i].Text);
        }

        _builder.Close();
    }

    private void WriteCode(IReadOnlyList<PdfLine> lines, int at, int end)
    {
        double left = double.MaxValue;
        double width = 0;
        for (int i = at; i < end; i++)
        {
            left = Math.Min(left, lines[i].X);
            width = Math.Max(width, (lines[i].EndX - lines[i].X) / Math.Max(1, lines[i].Text.Length));
        }

        _builder.Open(BlockKind.Code);
        for (int i = at; i < end; i++)
        {
            _builder.AppendRaw(i > at ? "\n" : "");
            int indent = width > 0 ? (int)Math.Clamp(Math.Round((lines[i].X - left) / width), 0, 80) : 0;
            _builder.AppendRaw(new string(' ', indent));
            _builder.AppendRaw(lines[i].Text);
        }

        _builder.Close();
    }

    private static int TableEnd(IReadOnlyList<PdfLine> lines, int at)
    {
        while (at < lines.Count && lines[at].HasColumns)
        {
            at++;
        }

        return at;
    }

    private static int CodeEnd(IReadOnlyList<PdfLine> lines, int at)
    {
        int end = at;
        while (end < lines.Count && lines[end].IsMonospaced && (end == at || lines[end].Y < lines[end - 1].Y))
        {
            end++;
        }

        return end;
    }

    private int HeadingLevel(PdfLine line)
    {
        if (line.Text.Length > HeadingCharactersMax || line.HasColumns || !line.Text.Any(char.IsLetter))
        {
            return 0;
        }

        int index = _headingSizes.FindIndex(s => Math.Abs(s - Round(line.Size)) < 0.01);
        return index < 0 ? 0 : Math.Min(index, HeadingLevelsMax - 1) + 1;
    }

    private static double BodySize(PdfPageLines?[] pages)
    {
        Dictionary<double, long> characters = [];
        foreach (PdfPageLines? page in pages)
        {
            foreach (PdfLine line in page?.Lines ?? [])
            {
                double size = Round(line.Size);
                characters[size] = characters.GetValueOrDefault(size) + line.Text.Length;
            }
        }

        return characters.Count == 0 ? 0 : characters.MaxBy(static c => c.Value).Key;
    }

    private static List<double> HeadingSizes(PdfPageLines?[] pages, double body)
    {
        SortedSet<double> sizes = [];
        foreach (PdfPageLines? page in pages)
        {
            foreach (PdfLine line in page?.Lines ?? [])
            {
                if (line.Size >= body * HeadingFactor && line.Text.Length <= HeadingCharactersMax)
                {
                    sizes.Add(Round(line.Size));
                }
            }
        }

        return [.. sizes.Reverse()];
    }

    private static string? Watermark(PdfPageLines?[] pages)
    {
        if (pages.Length < SlantedPagesMin)
        {
            return null;
        }

        IGrouping<string, PdfPageLines?>? largest = pages.Where(static p => p?.Slanted.Length > 0).GroupBy(static p => p!.Slanted, StringComparer.Ordinal).MaxBy(static g => g.Count());
        return largest is not null && largest.Count() >= Math.Max(SlantedPagesMin, SlantedShareMin * pages.Length) ? largest.Key : null;
    }

    private static double Round(double size) => Math.Round(size * 2) / 2;
}
