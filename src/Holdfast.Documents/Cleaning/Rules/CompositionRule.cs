using System.Globalization;
using System.Text;

namespace Holdfast.Documents.Cleaning.Rules;

/// <summary>
/// Letters with their accents as one character (Unicode NFC), so that "é" is found however it was written. Never NFKC:
/// x² would become x2.
/// </summary>
internal sealed class CompositionRule : ICleaningRule
{
    public string Name => "composition";

    public void Find(CleaningInput input, EditList edits)
    {
        string text = input.Text;
        if (IsPlainLatin(text) || text.IsNormalized(NormalizationForm.FormC))
        {
            return;
        }

        int at = 0;
        while (at < text.Length)
        {
            int end = NextStarter(text, at);
            if (end - at > 1 || text[at] > '\u0300')
            {
                string run = text[at..end];
                string composed = run.Normalize(NormalizationForm.FormC);
                if (!string.Equals(run, composed, StringComparison.Ordinal))
                {
                    edits.Add(at, run.Length, composed);
                }
            }

            at = end;
        }
    }

    // Nothing below U+0300 changes under NFC.
    private static bool IsPlainLatin(ReadOnlySpan<char> text) => !text.ContainsAnyInRange('\u0300', '\uffff');

    /// <summary>End of the base character with its combining marks; Hangul syllables are taken as one run.</summary>
    private static int NextStarter(string text, int at)
    {
        int end = at + (char.IsSurrogatePair(text, at) ? 2 : 1);
        while (end < text.Length)
        {
            UnicodeCategory category = CharUnicodeInfo.GetUnicodeCategory(text, end);
            bool joins = category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
                || text[end] is >= '\u1160' and <= '\u11ff';
            if (!joins)
            {
                break;
            }

            end += char.IsSurrogatePair(text, end) ? 2 : 1;
        }

        return end;
    }
}
