using Holdfast.Abstractions.Reading;
using Holdfast.Dashboard.Words;

namespace Holdfast.Dashboard.Views;

/// <summary>Lays out a document: the window, its segments, the list beside it.</summary>
internal static class DocumentLayout
{
    /// <summary>A page in the outline marks this much of its beginning.</summary>
    private const int PageMarkCharacters = 60;

    public static DocumentView Of(DocumentContent content, DashboardOptions options, int? from, int? start, int? length)
    {
        var window = TextWindow.Of(content.Text, options.TextCharactersShown, from, start, length);
        var entries = content.Headings.Count + content.Pages.Count;
        return new DocumentView
        {
            Content = content,
            Window = window,
            Segments = Segments(content, window),
            Outline = Outline(content, options.OutlineEntriesShown),
            OutlineLeftOut = Math.Max(0, entries - options.OutlineEntriesShown),
            Passage = window.HasMark
                ? content.Passages.FirstOrDefault(passage => passage.Start <= window.MarkFrom && window.MarkFrom < passage.Start + passage.Length)
                : null,
        };
    }

    /// <summary>Cuts the window wherever something begins or ends. Cost: sort of the cuts, which are at most the document's headings and pages.</summary>
    private static List<TextSegment> Segments(DocumentContent content, TextWindow window)
    {
        var headings = content.Headings.Where(heading => heading.Start < window.To && heading.Start + heading.Length > window.From).ToList();
        var pages = content.Pages.Where(page => page.Start >= window.From && page.Start < window.To).GroupBy(static page => page.Start).ToDictionary(static group => group.Key, static group => group.First().Number);
        SortedSet<int> cuts = [window.From, window.To, window.MarkFrom, window.MarkTo, .. pages.Keys];
        foreach (var heading in headings)
        {
            cuts.Add(Math.Max(heading.Start, window.From));
            cuts.Add(Math.Min(heading.Start + heading.Length, window.To));
        }

        var edges = cuts.ToList();
        var segments = new List<TextSegment>(edges.Count);
        var next = 0;
        for (var i = 0; i + 1 < edges.Count; i++)
        {
            var (begin, end) = (edges[i], edges[i + 1]);
            while (next < headings.Count && headings[next].Start + headings[next].Length <= begin)
            {
                next++;
            }

            var isHeading = next < headings.Count && headings[next].Start <= begin;
            var isMarked = begin >= window.MarkFrom && end <= window.MarkTo;
            segments.Add(new TextSegment(content.Text[begin..end], isMarked, isHeading, pages.TryGetValue(begin, out var page) ? page : null));
        }

        return segments;
    }

    private static List<OutlineEntry> Outline(DocumentContent content, int shown) =>
        content.Headings
            .Select(heading => new OutlineEntry(Slice(content.Text, heading.Start, heading.Length).Trim(), heading.Level, heading.Start, heading.Length))
            .Concat(content.Pages.Select(page => new OutlineEntry($"page {Units.Number(page.Number)}", 0, page.Start, Math.Min(page.Length, PageMarkCharacters))))
            .OrderBy(static entry => entry.Start)
            .ThenBy(static entry => entry.Level)
            .Take(shown)
            .ToList();

    private static string Slice(string text, int start, int length)
    {
        var from = TextEdge.Whole(text, start);
        return text[from..TextEdge.Whole(text, from + Math.Max(0, length))];
    }
}
