using System.Collections.Frozen;
using Holdfast.Abstractions.Reading;

namespace Holdfast.Documents.Cleaning.Rules;

/// <summary>
/// Joins a word that a typesetter broke at a line's end. The hyphen stays where it belongs to the word: digits, capitals
/// or option dashes around it, a known prefix before it, or the hyphenated form elsewhere in the document. Only for typeset text.
/// </summary>
internal sealed class HyphenationRule : ICleaningRule
{
    private static readonly FrozenSet<string> HyphenatingPrefixes = new[]
    {
        "all", "anti", "co", "counter", "cross", "e", "ex", "far", "first", "full", "half", "hard", "heavy", "high", "ill", "left", "light", "long", "low",
        "mid", "multi", "non", "off", "on", "one", "open", "post", "pre", "real", "right", "second", "self", "semi", "short", "single", "so", "soft", "state",
        "third", "three", "two", "up", "user", "well", "wide", "x",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public string Name => "hyphenation";

    public void Find(CleaningInput input, EditList edits)
    {
        if (!input.IsTypeset)
        {
            return;
        }

        string text = input.Text;
        HashSet<string>? hyphenated = null;
        int at = text.AsSpan().IndexOfAny('-', '\u2010');
        while (at >= 0)
        {
            int next = NextLine(input, at);
            if (next > 0)
            {
                hyphenated ??= HyphenatedWords(text);
                Join(text, at, next, hyphenated, edits);
            }

            int found = text.AsSpan(at + 1).IndexOfAny('-', '\u2010');
            at = found < 0 ? -1 : at + 1 + found;
        }
    }

    private static void Join(string text, int at, int next, HashSet<string> hyphenated, EditList edits)
    {
        int start = at;
        while (start > 0 && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] is '-' or '_'))
        {
            start--;
        }

        int end = next;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '-' or '_'))
        {
            end++;
        }

        ReadOnlySpan<char> before = text.AsSpan(start, at - start);
        ReadOnlySpan<char> after = text.AsSpan(next, end - next);
        bool isBroken = char.IsLower(text[next]) && IsPlain(before) && IsPlain(after)
            && !HyphenatingPrefixes.GetAlternateLookup<ReadOnlySpan<char>>().Contains(before)
            && !hyphenated.GetAlternateLookup<ReadOnlySpan<char>>().Contains(string.Concat(before, "-", after));
        edits.Add(at, next - at, isBroken ? "" : "-");
    }

    /// <summary>
    /// Start of the next line's word when the hyphen ends a line after a letter or digit and the word goes on; else 0. A blank line ends the
    /// word, unless a page ends there.
    /// </summary>
    private static int NextLine(CleaningInput input, int at)
    {
        string text = input.Text;
        if (at == 0 || !char.IsLetterOrDigit(text[at - 1]) || at + 2 >= text.Length || text[at + 1] != '\n')
        {
            return 0;
        }

        int next = at + 2;
        bool isBlankBetween = false;
        while (next < text.Length && (text[next] == ' ' || text[next] == '\n'))
        {
            isBlankBetween |= text[next] == '\n';
            next++;
        }

        bool goesOn = next < text.Length && char.IsLetterOrDigit(text[next]);
        return goesOn && (!isBlankBetween || (char.IsLower(text[next]) && BeginsPage(input.Pages, at, next))) ? next : 0;
    }

    private static bool BeginsPage(IReadOnlyList<PageSpan> pages, int after, int upTo)
    {
        int low = 0;
        int high = pages.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            if (pages[middle].Start > after)
            {
                high = middle - 1;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low < pages.Count && pages[low].Start <= upTo;
    }

    private static bool IsPlain(ReadOnlySpan<char> word)
    {
        if (word.Length == 0)
        {
            return false;
        }

        for (int i = 0; i < word.Length; i++)
        {
            bool isFine = char.IsLower(word[i]) || (i == 0 && char.IsLetter(word[i]));
            if (!isFine)
            {
                return false;
            }
        }

        return true;
    }

    private static HashSet<string> HyphenatedWords(string text)
    {
        HashSet<string> words = new(StringComparer.OrdinalIgnoreCase);
        int at = text.IndexOf('-', StringComparison.Ordinal);
        while (at >= 0)
        {
            int start = at;
            while (start > 0 && char.IsLetter(text[start - 1]))
            {
                start--;
            }

            int end = at + 1;
            while (end < text.Length && char.IsLetter(text[end]))
            {
                end++;
            }

            if (start < at && end > at + 1 && end - start <= 64)
            {
                words.Add(text[start..end]);
            }

            at = at + 1 < text.Length ? text.IndexOf('-', at + 1) : -1;
        }

        return words;
    }
}
