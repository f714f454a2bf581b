using System.Globalization;
using System.Text.RegularExpressions;
using Holdfast.Abstractions.Answering;
using Holdfast.Dashboard.Words;

namespace Holdfast.Dashboard.Views;

/// <summary>
/// Ties the marks of an answer to its sources. A citation says which span of the answer it covers; a <c>[3]</c> at the end of the span
/// or right behind it gives the source its number, else it gets the next free one and a mark is put there. <c>[3]</c> anywhere else is
/// the answer's own text and stays it.
/// </summary>
internal static class CitedAnswer
{
    private const int ContextCharacters = 70;

    private static readonly Regex Mark = new(@" ?\[(?<number>[1-9][0-9]?)\]", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant);

    public static AnswerView Of(AskOutcome outcome)
    {
        var text = outcome.Text;
        var marks = new SortedDictionary<int, (int End, int Number)>();
        var sources = new SortedDictionary<int, AnswerSource>();
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
                sources[number] = new AnswerSource(number, citation.Passage, []);
            }

            marks[markStart] = (markEnd, number);
            sources[number] = sources[number] with { Quotes = [.. sources[number].Quotes, Quote(citation)] };
        }

        return new AnswerView(outcome, Cut(text, marks), [.. sources.Values]);
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

    private static int NextFree(SortedDictionary<int, AnswerSource> sources)
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

    private static SourceQuote Quote(Citation citation)
    {
        var passage = citation.Passage.Text;
        var start = citation.Start - citation.Passage.Start;
        if (start < 0 || start + citation.Length > passage.Length)
        {
            return new SourceQuote("", citation.Text, "", citation.Start, citation.Length);
        }

        var end = start + citation.Length;
        var from = TextEdge.Whole(passage, start - ContextCharacters);
        var to = TextEdge.Whole(passage, end + ContextCharacters);
        return new SourceQuote(
            (from > 0 ? "… " : "") + passage[from..start],
            passage[start..end],
            passage[end..to] + (to < passage.Length ? " …" : ""),
            citation.Start,
            citation.Length);
    }
}
