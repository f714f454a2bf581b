using System.Text;

namespace Holdfast.Gateway.Counting;

/// <summary>
/// Counts o200k's tokens. A piece is one look into the vocabulary when it is a token (nine words of ten), else its bytes are merged,
/// lowest rank first. A piece longer than 64 runes is cut: merging looks at each pair again, so its cost grows with the square of
/// the piece, and 40,000 equal letters took the library 9.2 s. Special tokens in a text are text.
/// </summary>
internal sealed class O200kTokens(O200kVocabulary vocabulary)
{
    private const int PieceRunesMax = 64;
    private const int PieceBytesMax = PieceRunesMax * 4;

    public int Count(ReadOnlySpan<char> text)
    {
        var tokens = 0;
        Span<byte> bytes = stackalloc byte[PieceBytesMax];
        while (text.Length > 0)
        {
            var piece = text[..O200kPieces.Next(text)];
            text = text[piece.Length..];
            while (piece.Length > 0)
            {
                var part = piece[..Part(piece)];
                piece = piece[part.Length..];
                tokens += Merge(bytes[..Encoding.UTF8.GetBytes(part, bytes)]);
            }
        }

        return tokens;
    }

    // A unit is a rune at least, so a short piece need not be counted in runes; a surrogate pair is not torn.
    private static int Part(ReadOnlySpan<char> piece)
    {
        if (piece.Length <= PieceRunesMax)
        {
            return piece.Length;
        }

        return char.IsHighSurrogate(piece[PieceRunesMax - 1]) && char.IsLowSurrogate(piece[PieceRunesMax]) ? PieceRunesMax - 1 : PieceRunesMax;
    }

    private int Merge(ReadOnlySpan<byte> bytes)
    {
        if (vocabulary.Rank(bytes) >= 0)
        {
            return 1;
        }

        // starts[i] is where part i begins; ranks[i] is the rank of parts i and i + 1 together.
        Span<int> starts = stackalloc int[PieceBytesMax + 1];
        Span<int> ranks = stackalloc int[PieceBytesMax + 1];
        var parts = bytes.Length;
        for (var i = 0; i <= parts; i++)
        {
            starts[i] = i;
        }

        for (var i = 0; i < parts; i++)
        {
            ranks[i] = Pair(bytes, starts, i, parts);
        }

        while (true)
        {
            var best = Lowest(ranks[..parts]);
            if (ranks[best] == int.MaxValue)
            {
                return parts;
            }

            starts[(best + 2)..(parts + 1)].CopyTo(starts[(best + 1)..]);
            ranks[(best + 2)..parts].CopyTo(ranks[(best + 1)..]);
            parts--;
            ranks[best] = Pair(bytes, starts, best, parts);
            if (best > 0)
            {
                ranks[best - 1] = Pair(bytes, starts, best - 1, parts);
            }
        }
    }

    private int Pair(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> starts, int at, int parts)
    {
        if (at + 2 > parts)
        {
            return int.MaxValue;
        }

        var rank = vocabulary.Rank(bytes[starts[at]..starts[at + 2]]);
        return rank < 0 ? int.MaxValue : rank;
    }

    private static int Lowest(ReadOnlySpan<int> ranks)
    {
        var best = 0;
        for (var i = 1; i < ranks.Length; i++)
        {
            best = ranks[i] < ranks[best] ? i : best;
        }

        return best;
    }
}
