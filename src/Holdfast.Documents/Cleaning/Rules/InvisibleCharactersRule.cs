using System.Buffers;
using System.Globalization;

namespace Holdfast.Documents.Cleaning.Rules;

/// <summary>
/// Characters without width split words for a search and hide words from a filter. The two joiners (U+200C, U+200D) are
/// spelling in Persian and Indic scripts and glue in emoji: there they stay.
/// </summary>
internal sealed class InvisibleCharactersRule : ICleaningRule
{
    private static readonly SearchValues<char> Invisible =
        SearchValues.Create("\u00ad\u034f\u180e\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff\ufff9\ufffa\ufffb");

    public string Name => "invisible-characters";

    public void Find(CleaningInput input, EditList edits)
    {
        string text = input.Text;
        int at = text.AsSpan().IndexOfAny(Invisible);
        while (at >= 0)
        {
            int length = 1;
            if (text[at] is '\u200c' or '\u200d' ? !IsSpelling(text, at) : true)
            {
                // A soft hyphen at a line's end was the break: the word goes on in the next line.
                length = text[at] == '\u00ad' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1;
                edits.Add(at, length, "");
            }

            int from = at + length;
            int next = text.AsSpan(from).IndexOfAny(Invisible);
            at = next < 0 ? -1 : from + next;
        }
    }

    private static bool IsSpelling(string text, int at)
    {
        if (at == 0 || at + 1 >= text.Length)
        {
            return false;
        }

        char before = text[at - 1];
        char after = text[at + 1];
        bool isEmoji = (char.IsLowSurrogate(before) || before == '\ufe0f' || before is >= '\u2600' and <= '\u27bf')
            && (char.IsHighSurrogate(after) || after is >= '\u2600' and <= '\u27bf' or '\u2640' or '\u2642');
        return isEmoji || (IsJoining(before) && IsJoining(after));
    }

    // Arabic to Thaana, then the Indic blocks up to Sinhala, Myanmar, Khmer, Mongolian.
    private static bool IsJoining(char c) =>
        (c is (>= '\u0600' and <= '\u07ff') or (>= '\u0900' and <= '\u0dff') or (>= '\u1000' and <= '\u109f') or (>= '\u1780' and <= '\u18af')
            or (>= '\ufb50' and <= '\ufdff') or (>= '\ufe70' and <= '\ufefc'))
        && (char.IsLetter(c) || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);
}
