using System.Buffers;
using System.Globalization;
using System.Text;

namespace Holdfast.Retrieval.Analysis;

/// <summary>
/// Turns a word into the term that stands in the index: lower case, no accents, no connectors (<c>max_workers</c>,
/// <c>maxWorkers</c> and <c>max-workers</c> are one term), then the Porter stem. A chain of numbers keeps its dots: 3.11 is not 311.
/// A term holds letters, digits and dots only, so it needs no escape anywhere in SQL or in a MATCH expression.
/// </summary>
internal static class TermWriter
{
    /// <summary>Units of the longest term; what is longer is data, and is cut so that it cannot fill the index.</summary>
    public const int UnitsMax = 64;

    // Past this no letter reaches the term any more.
    private const int FoldedUnitsMax = 4 * UnitsMax;

    private static readonly SearchValues<char> NumberUnits = SearchValues.Create("0123456789.");

    /// <summary>Writes the term of <paramref name="word"/> and returns its length; 0 when nothing is left of it.</summary>
    public static int Write(ReadOnlySpan<char> word, Span<char> buffer)
    {
        if (!Ascii.IsValid(word))
        {
            return WriteFolded(word, buffer);
        }

        var isNumber = word.IndexOfAnyExcept(NumberUnits) < 0;
        var length = 0;
        foreach (var unit in word)
        {
            if (length == UnitsMax)
            {
                break;
            }

            if (char.IsAsciiLetterOrDigit(unit) || (isNumber && unit == '.'))
            {
                buffer[length++] = char.ToLowerInvariant(unit);
            }
        }

        return PorterStemmer.Stem(buffer[..length]);
    }

    /// <summary>Appends the terms of a text, each followed by a space, and returns the number of words.</summary>
    public static int Append(StringBuilder terms, ReadOnlySpan<char> text)
    {
        Span<char> buffer = stackalloc char[UnitsMax];
        var words = new WordReader(text);
        var count = 0;
        while (words.MoveNext())
        {
            var word = words.Current;
            var length = Write(text.Slice(word.Start, word.Length), buffer);
            if (length > 0)
            {
                terms.Append(buffer[..length]).Append(' ');
                count += word.Shape == WordShape.Compound ? 0 : 1;
            }
        }

        return count;
    }

    private static int WriteFolded(ReadOnlySpan<char> word, Span<char> buffer)
    {
        // A lone surrogate has no normal form; string.Normalize would throw on it.
        var text = LettersOf(word);
        var decomposed = IsWellFormed(text) ? text.Normalize(NormalizationForm.FormKD) : text;
        var length = 0;
        foreach (var unit in decomposed)
        {
            if (length == UnitsMax)
            {
                break;
            }

            if (char.IsLetterOrDigit(unit) || char.IsSurrogate(unit))
            {
                buffer[length++] = char.ToLowerInvariant(unit);
            }
        }

        // A pair is never cut in the middle: half of it is no UTF-8.
        while (length > 0 && !IsWellFormed(buffer[..length]))
        {
            length--;
        }

        return PorterStemmer.Stem(buffer[..length]);
    }

    // Marks leave the term anyway; they go first because string.Normalize sorts a run of them by insertion: 80,000 out of order took 10 s.
    internal static string LettersOf(ReadOnlySpan<char> word)
    {
        Span<char> letters = stackalloc char[FoldedUnitsMax];
        var length = 0;
        foreach (var unit in word)
        {
            // Between the halves of a pair nothing is cut: half of one would leave the word without a normal form.
            if (length == FoldedUnitsMax || (length == FoldedUnitsMax - 1 && !char.IsLowSurrogate(unit)))
            {
                break;
            }

            if (CharUnicodeInfo.GetUnicodeCategory(unit) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark))
            {
                letters[length++] = unit;
            }
        }

        return letters[..length].ToString();
    }

    private static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var consumed) != OperationStatus.Done)
            {
                return false;
            }

            text = text[consumed..];
        }

        return true;
    }
}
