using System.Globalization;
using System.Text;

namespace Holdfast.Engine.Tokenizing;

/// <summary>
/// WordPiece of BERT: lower case, decompose, drop marks (of a cased model none of these), cut at spaces, signs and ideographs, then take
/// the longest known start again and again. GGUF stores the pieces with U+2581 at a word's start and without "##". The same character
/// in a text is a letter like any other: it never matches that mark.
/// A word of more than <see cref="WordRunesMax"/> characters is one unknown piece, as in the reference (llama.cpp splits it), which
/// also keeps hostile text linear.
/// </summary>
internal sealed class WordPieceEncoder : ITextEncoder
{
    public const int WordRunesMax = 100;

    /// <summary>Characters that are normalised at a time: the copies of a text of 16 MB would take ten times as much.</summary>
    private const int WindowCharsMin = 1 << 14;

    private const char WordStart = '\u2581';
    private const int WordStartBytes = 3;

    private readonly Vocabulary _vocabulary;
    private readonly int _unknown;
    private readonly bool _lowercases;
    private readonly bool _stripsAccents;

    public WordPieceEncoder(TokenizerData data, Vocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        _unknown = data.Unknown ?? throw new TokenizerDataException("tokenizer.ggml.unknown_token_id is missing");
        _lowercases = data.Lowercases ?? true;
        _stripsAccents = data.StripsAccents ?? _lowercases;
    }

    public long HeldBytes => 0;

    public void Encode(ReadOnlySpan<char> text, bool isAfterSpecial, List<int> ids, int idsMax)
    {
        var word = new StringBuilder();
        var runes = 0;
        for (var start = 0; start < text.Length && ids.Count <= idsMax;)
        {
            var end = WindowEnd(text, start);
            EncodeWindow(text[start..end], word, ref runes, ids);
            start = end;
        }

        FinishWord(word, ref runes, ids);
    }

    // Nothing composes or changes places across the start of an ASCII character, an ideograph or a Hangul syllable.
    private static int WindowEnd(ReadOnlySpan<char> text, int start)
    {
        var end = Math.Min(text.Length, start + WindowCharsMin);
        while (end < text.Length && text[end] is not (< '\u0080' or (>= '\u4E00' and <= '\u9FFF') or (>= '\uAC00' and <= '\uD7A3')))
        {
            end++;
        }

        return end;
    }

    private void EncodeWindow(ReadOnlySpan<char> text, StringBuilder word, ref int runes, List<int> ids)
    {
        foreach (var rune in Normalise(text).EnumerateRunes())
        {
            var kind = KindOf(rune);
            if (kind == RuneKind.Dropped)
            {
                continue;
            }

            if (kind != RuneKind.Word)
            {
                FinishWord(word, ref runes, ids);
            }

            if (kind != RuneKind.Space)
            {
                // One that is too long is unknown whatever follows, and need not be held.
                _ = runes < WordRunesMax ? word.Append(rune) : word;
                runes++;
            }

            if (kind == RuneKind.Alone)
            {
                FinishWord(word, ref runes, ids);
            }
        }
    }

    // A lone surrogate comes out of the runes as U+FFFD, which is dropped anyway.
    private string Normalise(ReadOnlySpan<char> text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            clean.Append(_lowercases ? rune.Value == 0x130 ? new Rune('i') : Rune.ToLowerInvariant(rune) : rune);
        }

        return _stripsAccents ? Decomposition.Of(clean.ToString()) : clean.ToString();
    }

    private RuneKind KindOf(Rune rune)
    {
        var value = rune.Value;
        if (value is '\t' or '\n' or '\r' || Rune.IsWhiteSpace(rune))
        {
            return RuneKind.Space;
        }

        var category = Rune.GetUnicodeCategory(rune);
        if (value is 0 or 0xFFFD || category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
            or UnicodeCategory.Surrogate || (_stripsAccents && category == UnicodeCategory.NonSpacingMark))
        {
            return RuneKind.Dropped;
        }

        var isSign = rune.IsAscii ? !Rune.IsLetterOrDigit(rune) : Rune.IsPunctuation(rune);
        return isSign || IsIdeograph(value) ? RuneKind.Alone : RuneKind.Word;
    }

    // The ranges of the reference, U+2B920 included (Unicode's block starts at U+2B820).
    private static bool IsIdeograph(int value) =>
        value is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
            or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);

    private void FinishWord(StringBuilder word, ref int runes, List<int> ids)
    {
        if (runes == 0)
        {
            return;
        }

        var utf8 = Encoding.UTF8.GetBytes(WordStart + word.ToString());
        if (runes > WordRunesMax || !TryCut(utf8, ids))
        {
            ids.Add(_unknown);
        }

        word.Clear();
        runes = 0;
    }

    private bool TryCut(ReadOnlySpan<byte> word, List<int> ids)
    {
        var before = ids.Count;
        for (var start = 0; start < word.Length;)
        {
            var (shortest, longest) = PieceBytes(word[start..], start == 0);
            var end = Math.Min(word.Length, start + Math.Min(longest, _vocabulary.BytesMax));
            var id = -1;
            for (; end >= start + shortest && id < 0; end--)
            {
                id = _vocabulary.Find(word[start..end]);
            }

            if (id < 0)
            {
                ids.RemoveRange(before, ids.Count - before);
                return false;
            }

            ids.Add(id);
            start = end + 1;
        }

        return true;
    }

    // The mark alone begins no word; within one it can only be "##\u2581", for with more behind it it stands for a word's start.
    private static (int Shortest, int Longest) PieceBytes(ReadOnlySpan<byte> rest, bool isStart) =>
        isStart ? (WordStartBytes + 1, int.MaxValue)
        : rest.StartsWith("\u2581"u8) ? (WordStartBytes, WordStartBytes)
        : (1, int.MaxValue);

    private enum RuneKind
    {
        Word,
        Alone,
        Space,
        Dropped,
    }
}
