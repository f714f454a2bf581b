using System.Globalization;
using System.Text.RegularExpressions;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Dashboard.Views;

/// <summary>
/// Ties the marks of an answer to its sources. A citation says which span of the answer it covers; a <c>[3]</c> at the end of the span
/// or right behind it gives the source its number, else it gets the next free one and a mark is put there. <c>[3]</c> anywhere else is
/// the answer's own text and stays it.
/// </summary>
internal static class CitedAnswer
{
    private static readonly Regex Mark = new(@" ?\[(?<number>[1-9][0-9]?)\]", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant);

    public static AnswerView Of(AskOutcome outcome)
    {
        var text = outcome.Text;
        var marks = new SortedDictionary<int, (int End, int Number)>();
        var sources = new SortedDictionary<int, List<Citation>>();
        var numberOf = new Dictionary<(string, int), int>();
        foreach (var citation in outcome.Citations.OrderBy(static citation => citation.AnswerStart))
        {
            var end = Math.Clamp(citation.AnswerEnd, 0, text.Length);
            var (markStart, markEnd, written) = FindMark(text, end);
            var key = (citation.Passage.DocumentId, citation.Passage.Start);
            if (!numberOf.TryGetValue(key, out var number))
            {
                number = written is { } w && !sources.ContainsKey(w) ? w : NextFree(sources);
                numberOf[key] = number;
                sources[number] = [];
            }

            marks[markStart] = (markEnd, number);
            sources[number].Add(citation);
        }

        return new AnswerView(outcome, Cut(text, marks), [.. sources.Select(static source => Source(source.Key, source.Value))]);
    }

    private static AnswerSource Source(int number, List<Citation> citations)
    {
        var passage = citations[0].Passage;
        return new AnswerSource(number, passage, SourceExcerpt.Of(passage, citations));
    }

    /// <summary>The mark at or right behind the end of a span; an empty place when none is written.</summary>
    private static (int Start, int End, int? Number) FindMark(string text, int end)
    {
        var from = Math.Max(0, end - 6);
        for (var match = Mark.Match(text, from); match.Success && match.Index <= end + 1; match = match.NextMatch())
        {
            if (match.Index + match.Length >= end)
            {
                return (match.Index, match.Index + match.Length, int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture));
            }
        }

        return (end, end, null);
    }

    private static int NextFree(SortedDictionary<int, List<Citation>> sources)
    {
        var number = 1;
        while (sources.ContainsKey(number))
        {
            number++;
        }

        return number;
    }

    private static List<AnswerPiece> Cut(string text, SortedDictionary<int, (int End, int Number)> marks)
    {
        var pieces = new List<AnswerPiece>();
        var from = 0;
        foreach (var (start, (end, number)) in marks)
        {
            if (start < from)
            {
                continue;
            }

            if (start > from)
            {
                pieces.Add(new AnswerPiece(text[from..start], null));
            }

            pieces.Add(new AnswerPiece("", number));
            from = end;
        }

        if (from < text.Length)
        {
            pieces.Add(new AnswerPiece(text[from..], null));
        }

        return pieces;
    }
}
