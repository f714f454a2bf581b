using System.Globalization;
using System.Text;

namespace Holdfast.Gateway.Counting;

/// <summary>
/// Cuts a text into the pieces that o200k merges within, as its pattern does:
/// a word with one sign or space before it and a contraction behind; up to three digits; signs with the line ends behind them;
/// white space up to its last line end; white space but the last of it. Runes, not UTF-16 units, so that letters beyond the
/// first plane are letters (the library's regular expression misses them). Linear: one look at each rune, one step back at most.
/// </summary>
internal static class O200kPieces
{
    [Flags]
    private enum Class : byte
    {
        Other = 0,
        Upper = 1,
        Lower = 2,
        Both = Upper | Lower,
        Number = 4,
        Space = 8,
        LineEnd = 16,
        Mark = 32,
    }

    /// <summary>UTF-16 units of the first piece of a text that is not empty.</summary>
    public static int Next(ReadOnlySpan<char> text)
    {
        var first = At(text, 0, out var length);
        var isPrefix = !Is(first, Class.LineEnd | Class.Number) && (!Is(first, Class.Both) || Is(first, Class.Mark));
        var end = isPrefix ? Word(text, length) : -1;
        if (end < 0)
        {
            end = Word(text, 0);
        }

        if (end >= 0)
        {
            return end;
        }

        if (Is(first, Class.Number))
        {
            return Digits(text);
        }

        var signs = Signs(text, first == Class.Space && text[0] == ' ' ? 1 : 0);
        return signs > 0 ? signs : Space(text);
    }

    // Capitals, then small letters; letters without case and marks may stand in both halves. -1 when there is no letter.
    private static int Word(ReadOnlySpan<char> text, int start)
    {
        var at = start;
        var lastOfBoth = -1;
        while (at < text.Length)
        {
            var seen = At(text, at, out var length);
            if (!Is(seen, Class.Upper))
            {
                break;
            }

            at += length;
            lastOfBoth = Is(seen, Class.Lower) ? at : lastOfBoth;
        }

        var small = at;
        while (small < text.Length && Is(At(text, small, out var length), Class.Lower))
        {
            small += length;
        }

        // Without a small letter the pattern gives capitals back until one that may be small is the last: "漢A" is 漢, then A.
        var end = small > at ? small : lastOfBoth >= 0 ? lastOfBoth : at;
        return end == start ? -1 : end + Contraction(text[end..]);
    }

    private static int Contraction(ReadOnlySpan<char> rest)
    {
        if (rest.Length < 2 || rest[0] != '\'')
        {
            return 0;
        }

        var first = char.ToLowerInvariant(rest[1]);
        if (first is 's' or 't' or 'm' or 'd')
        {
            return 2;
        }

        var second = rest.Length > 2 ? char.ToLowerInvariant(rest[2]) : '\0';
        return (first, second) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        var at = 0;
        for (var count = 0; count < 3 && at < text.Length && Is(At(text, at, out var length), Class.Number); count++)
        {
            at += length;
        }

        return at;
    }

    private static int Signs(ReadOnlySpan<char> text, int start)
    {
        var at = start;
        while (at < text.Length && At(text, at, out var length) is var seen && (seen == Class.Other || Is(seen, Class.Mark)))
        {
            at += length;
        }

        if (at == start)
        {
            return 0;
        }

        while (at < text.Length && text[at] is '\r' or '\n' or '/')
        {
            at++;
        }

        return at;
    }

    private static int Space(ReadOnlySpan<char> text)
    {
        int at = 0, afterLineEnd = 0, last = 0;
        while (at < text.Length && Is(At(text, at, out var length), Class.Space))
        {
            last = at;
            at += length;
            afterLineEnd = text[last] is '\r' or '\n' ? at : afterLineEnd;
        }

        if (afterLineEnd > 0)
        {
            return afterLineEnd;
        }

        // The last space before a word belongs to the word.
        return at < text.Length && last > 0 ? last : Math.Max(at, 1);
    }

    private static bool Is(Class seen, Class any) => (seen & any) != Class.Other;

    private static Class At(ReadOnlySpan<char> text, int at, out int length)
    {
        var unit = text[at];
        if (unit < 128)
        {
            length = 1;
            return Ascii(unit);
        }

        if (Rune.DecodeFromUtf16(text[at..], out var rune, out length) != System.Buffers.OperationStatus.Done)
        {
            return Class.Other;
        }

        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => Class.Upper,
            UnicodeCategory.LowercaseLetter => Class.Lower,
            UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Class.Both,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => Class.Both | Class.Mark,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Class.Number,
            _ => Rune.IsWhiteSpace(rune) ? Class.Space : Class.Other,
        };
    }

    private static Class Ascii(char unit) => unit switch
    {
        >= 'a' and <= 'z' => Class.Lower,
        >= 'A' and <= 'Z' => Class.Upper,
        >= '0' and <= '9' => Class.Number,
        '\r' or '\n' => Class.Space | Class.LineEnd,
        ' ' or '\t' or '\v' or '\f' => Class.Space,
        _ => Class.Other,
    };
}
