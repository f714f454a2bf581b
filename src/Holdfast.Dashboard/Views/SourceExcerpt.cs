using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Searching;
using Holdfast.Dashboard.Words;

namespace Holdfast.Dashboard.Views;

/// <summary>Cuts a passage down to what is cited of it: near spans keep what stands between them, far ones are parted by dots.</summary>
internal static class SourceExcerpt
{
    private const int ContextCharacters = 60;
    private const int GapCharactersMax = 90;

    public static List<SourceRun> Of(Passage passage, IEnumerable<Citation> citations)
    {
        var runs = new List<SourceRun>();
        var text = passage.Text;
        var shownTo = -1;
        var ordered = citations.OrderBy(static citation => citation.Start).ToList();
        foreach (var citation in ordered)
        {
            var start = citation.Start - passage.Start;
            var end = start + citation.Length;
            if (start < 0 || end > text.Length)
            {
                // The citation's own text is the truth; the passage was cut differently.
                runs.Add(new SourceRun(citation.Text, citation.Start, citation.Length));
                continue;
            }

            if (start < shownTo)
            {
                continue;
            }

            runs.Add(new SourceRun(shownTo < 0 ? Before(text, start) : Between(text, shownTo, start), null, 0));
            runs.Add(new SourceRun(text[start..end], citation.Start, citation.Length));
            shownTo = end;
        }

        if (shownTo >= 0)
        {
            runs.Add(new SourceRun(After(text, shownTo), null, 0));
        }

        return runs;
    }

    private static string Before(string text, int start)
    {
        var from = TextEdge.Whole(text, start - ContextCharacters);
        var word = from == 0 ? 0 : text.AsSpan(from, start - from).IndexOfAny(' ', '\n') + 1;
        return (from > 0 ? "… " : "") + text[(from + word)..start];
    }

    private static string Between(string text, int from, int to) => to - from <= GapCharactersMax ? text[from..to] : " … ";

    private static string After(string text, int end)
    {
        var to = TextEdge.Whole(text, end + ContextCharacters);
        var word = text.AsSpan(end, to - end).LastIndexOfAny(' ', '\n');
        return to == text.Length ? text[end..] : text[end..(word < 0 ? end : end + word)] + " …";
    }
}
