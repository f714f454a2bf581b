using System.Globalization;
using System.Text;

namespace Holdfast.Documents.Cleaning.Rules;

/// <summary>
/// Letters with their accents as one character (Unicode NFC), so that "é" is found however it was written. Never NFKC:
/// x² would become x2. <see cref="string.Normalize()"/> sorts a run of combining marks by insertion, so 80,000 of them out of order
/// took 24 s, and it throws on U+FFFE. So it never sees that character, nor more than <see cref="MarksMax"/> marks behind a letter:
/// the others of a longer run are composed on their own, as the Stream-Safe Text Format parts them (UAX #15, section 13).
/// </summary>
internal sealed class CompositionRule : ICleaningRule
{
    public const int MarksMax = 30;

    private const char PassedBy = '\ufffe';

    public string Name => "composition";

    public void Find(CleaningInput input, EditList edits)
    {
        string text = input.Text;
        if (IsPlainLatin(text) || (IsOrdinary(text) && text.IsNormalized(NormalizationForm.FormC)))
        {
            return;
        }

        int at = 0;
        while (at < text.Length)
        {
            int end = RunEnd(text, at, out _);
            if (text[at] != PassedBy && (end - at > 1 || text[at] > '\u0300'))
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

    // Whether the library may see the text as a whole.
    private static bool IsOrdinary(string text)
    {
        int at = 0;
        while (at < text.Length)
        {
            at = RunEnd(text, at, out int marks);
            if (marks == MarksMax)
            {
                return false;
            }
        }

        return !text.Contains(PassedBy, StringComparison.Ordinal);
    }

    /// <summary>End of the base character with its combining marks; Hangul syllables are taken as one run.</summary>
    internal static int RunEnd(string text, int at, out int marks)
    {
        marks = 0;
        int end = at + (char.IsSurrogatePair(text, at) ? 2 : 1);
        while (end < text.Length && marks < MarksMax && text[at] != PassedBy && Joins(text, end))
        {
            end += char.IsSurrogatePair(text, end) ? 2 : 1;
            marks++;
        }

        return end;
    }

    // The library may know newer marks than the runtime's own tables: those are unassigned here.
    private static bool Joins(string text, int at) => text[at] is >= '\u1160' and <= '\u11ff' || (text[at] is >= '\u0300' and not PassedBy && CharUnicodeInfo.GetUnicodeCategory(text, at)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.OtherNotAssigned);
}
