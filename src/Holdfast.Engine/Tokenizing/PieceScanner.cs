using System.Globalization;
using System.Text;

namespace Holdfast.Engine.Tokenizing;

/// <summary>
/// Cuts text into the pieces inside which byte pairs merge, as the published patterns do, but by hand: every character is looked
/// at no more than three times, whatever the text (a backtracking pattern is quadratic on long runs of spaces).
/// </summary>
internal static class PieceScanner
{
    /// <summary>End of the piece that starts at <paramref name="start"/>.</summary>
    public static int EndOf(PieceRule rule, ReadOnlySpan<char> text, int start) =>
        rule.IsGpt2Style ? Gpt2End(text, start, rule.DigitsMax) : Llama3End(text, start, rule.DigitsMax);

    // '(s|t|re|ve|m|ll|d) | ?\p{L}+ | ?\p{N}+ | ?[^\s\p{L}\p{N}]+ | \s+(?!\S) | \s+
    // smollm cuts out each \p{N} first and runs this on what lies between: a run of spaces before a digit is then at the end.
    private static int Gpt2End(ReadOnlySpan<char> text, int start, int digitsMax)
    {
        var isDigitAlone = digitsMax == 1;
        var first = ClassAt(text, start, out var width);
        if (isDigitAlone && first == CharClass.Number)
        {
            return start + width;
        }

        var contraction = Contraction(text, start, ignoreCase: false);
        if (contraction > 0)
        {
            return start + contraction;
        }

        var body = start;
        if (text[start] == ' ' && start + 1 < text.Length)
        {
            var second = ClassAt(text, start + 1, out _);
            if (second != CharClass.Space && !(isDigitAlone && second == CharClass.Number))
            {
                body = start + 1;
                first = second;
            }
        }

        return first == CharClass.Space
            ? SpaceEnd(text, start, isDigitAlone)
            : RunEnd(text, body, first, int.MaxValue);
    }

    // (?i:'(s|t|re|ve|m|ll|d)) | [^\r\n\p{L}\p{N}]?\p{L}+ | \p{N}{1,n} | ?[^\s\p{L}\p{N}]+[\r\n]* | \s*[\r\n]+ | \s+(?!\S) | \s+
    private static int Llama3End(ReadOnlySpan<char> text, int start, int digitsMax)
    {
        var contraction = Contraction(text, start, ignoreCase: true);
        if (contraction > 0)
        {
            return start + contraction;
        }

        var first = ClassAt(text, start, out var width);
        if (first == CharClass.Letter)
        {
            return RunEnd(text, start, CharClass.Letter, int.MaxValue);
        }

        if (first == CharClass.Number)
        {
            return RunEnd(text, start, CharClass.Number, digitsMax);
        }

        var next = start + width;
        var second = next < text.Length ? ClassAt(text, next, out _) : CharClass.Space;
        if (second == CharClass.Letter && text[start] is not ('\r' or '\n'))
        {
            return RunEnd(text, next, CharClass.Letter, int.MaxValue);
        }

        if (first == CharClass.Other || (text[start] == ' ' && second == CharClass.Other))
        {
            var end = RunEnd(text, first == CharClass.Other ? start : next, CharClass.Other, int.MaxValue);
            while (end < text.Length && text[end] is '\r' or '\n')
            {
                end++;
            }

            return end;
        }

        return LineEnd(text, start) is var line and > 0 ? line : SpaceEnd(text, start, isDigitAnEnd: false);
    }

    private static int Contraction(ReadOnlySpan<char> text, int start, bool ignoreCase)
    {
        if (text[start] != '\'' || start + 1 >= text.Length)
        {
            return 0;
        }

        var one = ignoreCase ? char.ToLowerInvariant(text[start + 1]) : text[start + 1];
        if (one is 's' or 't' or 'm' or 'd')
        {
            return 2;
        }

        if (start + 2 >= text.Length)
        {
            return 0;
        }

        var two = ignoreCase ? char.ToLowerInvariant(text[start + 2]) : text[start + 2];
        return (one, two) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    private static int RunEnd(ReadOnlySpan<char> text, int start, CharClass wanted, int runesMax)
    {
        var end = start;
        for (var runes = 0; runes < runesMax && end < text.Length && ClassAt(text, end, out var width) == wanted; runes++)
        {
            end += width;
        }

        return end;
    }

    // \s*[\r\n]+ : through the last line break of the run of spaces; 0 when it has none.
    private static int LineEnd(ReadOnlySpan<char> text, int start)
    {
        var last = 0;
        for (var i = start; i < text.Length && char.IsWhiteSpace(text[i]); i++)
        {
            last = text[i] is '\r' or '\n' ? i + 1 : last;
        }

        return last;
    }

    // \s+(?!\S) | \s+ : the last space of a run belongs to the word after it.
    private static int SpaceEnd(ReadOnlySpan<char> text, int start, bool isDigitAnEnd)
    {
        var end = start + 1;
        while (end < text.Length && char.IsWhiteSpace(text[end]))
        {
            end++;
        }

        var isWhole = end == text.Length || end == start + 1 || (isDigitAnEnd && ClassAt(text, end, out _) == CharClass.Number);
        return isWhole ? end : end - 1;
    }

    private static CharClass ClassAt(ReadOnlySpan<char> text, int index, out int width)
    {
        var unit = text[index];
        width = 1;
        if (char.IsAscii(unit))
        {
            return char.IsAsciiLetter(unit) ? CharClass.Letter
                : char.IsAsciiDigit(unit) ? CharClass.Number
                : char.IsWhiteSpace(unit) ? CharClass.Space
                : CharClass.Other;
        }

        if (Rune.DecodeFromUtf16(text[index..], out var rune, out var decoded) == System.Buffers.OperationStatus.Done)
        {
            width = decoded;
        }

        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => CharClass.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharClass.Number,
            _ => char.IsWhiteSpace(unit) ? CharClass.Space : CharClass.Other,
        };
    }
}
