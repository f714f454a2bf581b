using System.Globalization;
using System.Text;

namespace Holdfast.Dashboard.Words;

/// <summary>
/// Makes characters visible that change how a text reads without being seen: controls, bidirectional overrides, zero-width
/// characters, tag characters, lone surrogates. A retrieved document that hides an instruction in them shows it here.
/// </summary>
public static class VisibleText
{
    public static IEnumerable<TextRun> Split(string text)
    {
        var plainFrom = 0;
        for (var i = 0; i < text.Length;)
        {
            var isWhole = Rune.TryGetRuneAt(text, i, out var rune);
            var units = isWhole ? rune.Utf16SequenceLength : 1;
            if (!isWhole || IsOdd(text, i, rune))
            {
                if (i > plainFrom)
                {
                    yield return new TextRun(text[plainFrom..i], IsOdd: false);
                }

                yield return new TextRun(Name(isWhole ? rune.Value : text[i]), IsOdd: true);
                plainFrom = i + units;
            }

            i += units;
        }

        if (plainFrom < text.Length)
        {
            yield return new TextRun(plainFrom == 0 ? text : text[plainFrom..], IsOdd: false);
        }
    }

    /// <summary>The same on one line, for titles and attributes, where no element can stand.</summary>
    public static string Flat(string text) =>
        string.Concat(Split(text).Select(static run => run.IsOdd ? $"[{run.Text}]" : run.Text.ReplaceLineEndings(" ")));

    private static string Name(int value) => "U+" + value.ToString("X4", CultureInfo.InvariantCulture);

    private static bool IsOdd(string text, int index, Rune rune) => rune.Value switch
    {
        '\t' or '\n' => false,
        // A carriage return is part of a Windows line end, and odd elsewhere.
        '\r' => index + 1 >= text.Length || text[index + 1] != '\n',
        < 0x20 or (>= 0x7F and <= 0x9F) => true,
        0xAD or 0x61C or 0x180E or 0x200B or 0x200E or 0x200F or 0x2028 or 0x2029 or 0xFEFF => true,
        // Joiners belong to emoji and to several scripts; beside a Latin letter they only hide.
        0x200C or 0x200D => IsAscii(text, index - 1) || IsAscii(text, index + 1),
        (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x206F) or (>= 0xFFF9 and <= 0xFFFB) => true,
        (>= 0xE0000 and <= 0xE0FFF) => true,
        _ => false,
    };

    private static bool IsAscii(string text, int index) => index >= 0 && index < text.Length && text[index] < 0x80;
}
