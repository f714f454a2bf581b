using Holdfast.Abstractions.Reading;
using Holdfast.Documents.Blocks;

namespace Holdfast.Documents.Chunking;

/// <summary>
/// Cuts a text into passages: whole units, up to the wanted size, from heading to heading. Invariants: passages ascend, none is
/// empty, none begins or ends with white space, and every other character lies in one.
/// </summary>
internal sealed class PassageCutter(DocumentOptions options)
{
    // A section with fewer words does not stand alone: its heading would fill a place in the answer. It joins the one after it.
    private const int SectionWordsMin = 24;

    public IReadOnlyList<PassageSpan> Cut(string text, IReadOnlyList<Block> blocks, IReadOnlyList<HeadingSpan> headings, IReadOnlyList<PageSpan> pages)
    {
        List<TextUnit> units = new UnitSplitter(text, options.PassageWordsMax, options.PassageTokensMax).Split(blocks);
        string?[] paths = HeadingPaths.Of(text, headings);
        List<PassageSpan> passages = [];
        int page = 0;
        int from = 0;
        int words = 0;
        int tokens = 0;
        for (int i = 0; i < units.Count; i++)
        {
            TextUnit unit = units[i];
            bool isFull = words + unit.Words > options.PassageWordsMax || tokens + unit.Tokens > options.PassageTokensMax;
            bool isDone = words >= options.PassageWords && !units[i - 1].IsHeading;
            bool isNewSection = unit.IsHeading && words >= SectionWordsMin && !units[i - 1].IsHeading;
            if (i > from && (isFull || isDone || isNewSection))
            {
                int next = KeepHeadingsTogether(units, from, i, unit.IsHeading);
                passages.Add(ToSpan(units, from, next, paths, pages, ref page));
                from = isNewSection || next < i ? next : Overlap(units, from, next);
                (words, tokens) = Weigh(units, from, i);
                if (i > from && (words + unit.Words > options.PassageWordsMax || tokens + unit.Tokens > options.PassageTokensMax))
                {
                    // No room for what was carried over: headings stand alone then, repeated sentences are not repeated.
                    if (next < i)
                    {
                        passages.Add(ToSpan(units, from, i, paths, pages, ref page));
                    }

                    (from, words, tokens) = (i, 0, 0);
                }
            }

            words += unit.Words;
            tokens += unit.Tokens;
        }

        if (units.Count > from)
        {
            passages.Add(ToSpan(units, from, units.Count, paths, pages, ref page));
        }

        return passages;
    }

    /// <summary>A heading at the end of a full passage belongs to what follows it.</summary>
    private static int KeepHeadingsTogether(List<TextUnit> units, int from, int to, bool nextIsHeading)
    {
        if (nextIsHeading)
        {
            return to;
        }

        int at = to;
        while (at - 1 > from && units[at - 1].IsHeading)
        {
            at--;
        }

        return at;
    }

    private int Overlap(List<TextUnit> units, int from, int to)
    {
        int at = to;
        int words = 0;
        while (at - 1 > from && to < units.Count && !units[at - 1].IsHeading && units[at - 1].Section == units[to].Section
            && words + units[at - 1].Words <= options.PassageOverlapWords)
        {
            at--;
            words += units[at].Words;
        }

        return at;
    }

    private static (int Words, int Tokens) Weigh(List<TextUnit> units, int from, int to)
    {
        int words = 0;
        int tokens = 0;
        for (int i = from; i < to; i++)
        {
            words += units[i].Words;
            tokens += units[i].Tokens;
        }

        return (words, tokens);
    }

    private static PassageSpan ToSpan(List<TextUnit> units, int from, int to, string?[] paths, IReadOnlyList<PageSpan> pages, ref int page)
    {
        int start = units[from].Start;
        while (page + 1 < pages.Count && pages[page + 1].Start <= start)
        {
            page++;
        }

        string? heading = paths[Math.Min(MainSection(units, from, to), paths.Length - 1)];
        return new PassageSpan(start, units[to - 1].End - start, heading, pages.Count > 0 ? pages[page].Number : null);
    }

    /// <summary>The section that holds most of the passage's words.</summary>
    private static int MainSection(List<TextUnit> units, int from, int to)
    {
        int best = units[from].Section;
        int bestWords = 0;
        int at = from;
        while (at < to)
        {
            int section = units[at].Section;
            int words = 0;
            while (at < to && units[at].Section == section)
            {
                words += units[at].Words;
                at++;
            }

            if (words > bestWords)
            {
                best = section;
                bestWords = words;
            }
        }

        return best;
    }
}
