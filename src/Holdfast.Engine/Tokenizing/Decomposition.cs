using System.Globalization;
using System.Text;

namespace Holdfast.Engine.Tokenizing;

/// <summary>
/// Canonical decomposition (Unicode NFD) in linear time, of any text without lone surrogates. <see cref="string.Normalize()"/> sorts a
/// run of combining marks by insertion, so 160,000 of them out of order took 38 s, and it throws on U+FFFE. Here it sees pieces: a longer
/// run of marks is cut where the Stream-Safe Text Format would part it (UAX #15, section 13), and U+FFFE goes past it.
/// </summary>
internal static class Decomposition
{
    /// <summary>Marks in a row that are put in order together; no living language writes as many.</summary>
    public const int MarksMax = 30;

    private const char PassedBy = '\uFFFE';

    public static string Of(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        var decomposed = new StringBuilder(text.Length);
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = PieceEnd(text, start);
            var piece = text[start..end];
            decomposed.Append(text[start] == PassedBy ? piece : piece.Normalize(NormalizationForm.FormD));
        }

        return decomposed.ToString();
    }

    /// <summary>End of the piece from <paramref name="start"/> on that is decomposed by itself: the rest of the text, in nearly all cases.</summary>
    internal static int PieceEnd(ReadOnlySpan<char> text, int start)
    {
        if (text[start] == PassedBy)
        {
            return start + 1;
        }

        var marks = 0;
        for (var at = start; at < text.Length;)
        {
            Rune.DecodeFromUtf16(text[at..], out var rune, out var width);
            marks = MayBeMark(rune) ? marks + 1 : 0;
            if (marks > MarksMax || text[at] == PassedBy)
            {
                return at;
            }

            at += width;
        }

        return text.Length;
    }

    // The library that sorts may know newer marks than the runtime's own tables: those are unassigned here.
    private static bool MayBeMark(Rune rune) => rune.Value >= 0x300 && Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.OtherNotAssigned;
}
