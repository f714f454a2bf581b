using System.Text;

namespace Holdfast.Engine.Tokenizing;

/// <summary>
/// Byte-level BPE. A piece of up to <see cref="ShortPieceMax"/> bytes is merged by looking for the lowest rank again and again,
/// which is fastest for words; a longer one with a heap, so that 350,000 equal letters cost n log n and not n squared.
/// </summary>
internal sealed class BpeEncoder : ITextEncoder
{
    private const int ShortPieceMax = 40;

    private readonly Vocabulary _vocabulary;
    private readonly PieceRule _rule;
    private readonly MergeTable _merges;
    private readonly int[] _byteTokens;

    public BpeEncoder(TokenizerData data, Vocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        _rule = PieceRule.Named(data.Pre);
        _merges = ReadMerges(data, vocabulary);
        _byteTokens = new int[256];
        Span<byte> one = stackalloc byte[1];
        for (var value = 0; value < 256; value++)
        {
            one[0] = (byte)value;
            var id = vocabulary.Find(one);
            var neverInUtf8 = value is 0xC0 or 0xC1 or >= 0xF5;
            _byteTokens[value] = id >= 0 || neverInUtf8 ? id : vocabulary.StandIn((byte)value, data);
        }
    }

    public long HeldBytes => _merges.HeldBytes + (4L * _byteTokens.Length);

    public void Encode(ReadOnlySpan<char> text, bool isAfterSpecial, List<int> ids, int idsMax)
    {
        var queue = new MergeQueue();
        for (var start = 0; start < text.Length && ids.Count <= idsMax;)
        {
            var end = PieceScanner.EndOf(_rule, text, start);
            EncodePiece(text[start..end], queue, ids);
            start = end;
        }
    }

    /// <summary>Merges with the heap alone; tests compare it with the short way.</summary>
    internal void MergeLong(ReadOnlySpan<byte> piece, MergeQueue queue, List<int> ids)
    {
        using var chain = new SymbolChain(piece.Length);
        queue.Clear(piece.Length);
        for (var i = 0; i < piece.Length; i++)
        {
            chain.Ids[i] = _byteTokens[piece[i]];
        }

        for (var i = 0; i + 1 < piece.Length; i++)
        {
            Offer(chain, queue, i, i + 1);
        }

        while (queue.TryPop(out var rank, out var left))
        {
            // A rank names one pair of tokens, so equal ranks mean that the entry is not stale.
            var right = chain.Next[left];
            if (chain.Ids[left] < 0 || right == chain.Count || _merges.Find(chain.Ids[left], chain.Ids[right], out var merged) != rank)
            {
                continue;
            }

            chain.Ids[left] = merged;
            chain.Remove(right);
            Offer(chain, queue, left, chain.Next[left]);
            Offer(chain, queue, chain.Previous[left], left);
        }

        for (var i = 0; i < piece.Length; i = chain.Next[i])
        {
            AddToken(chain.Ids[i], ids);
        }
    }

    internal void MergeShort(ReadOnlySpan<byte> piece, List<int> ids)
    {
        Span<int> symbols = stackalloc int[ShortPieceMax];
        var count = piece.Length;
        for (var i = 0; i < count; i++)
        {
            symbols[i] = _byteTokens[piece[i]];
        }

        while (count > 1)
        {
            var (best, at, merged) = (int.MaxValue, 0, 0);
            for (var i = 0; i + 1 < count; i++)
            {
                var rank = _merges.Find(symbols[i], symbols[i + 1], out var into);
                (best, at, merged) = rank < best ? (rank, i, into) : (best, at, merged);
            }

            if (best == int.MaxValue)
            {
                break;
            }

            symbols[at] = merged;
            symbols[(at + 2)..count].CopyTo(symbols[(at + 1)..]);
            count--;
        }

        foreach (var id in symbols[..count])
        {
            AddToken(id, ids);
        }
    }

    // A byte that has no token keeps its neighbours apart and gives nothing itself.
    private static void AddToken(int id, List<int> ids)
    {
        if (id >= 0)
        {
            ids.Add(id);
        }
    }

    private static MergeTable ReadMerges(TokenizerData data, Vocabulary vocabulary)
    {
        var table = new MergeTable(data.Merges.Count);
        for (var rank = 0; rank < data.Merges.Count; rank++)
        {
            var line = data.Merges[rank];
            var cut = line.Length < 3 ? -1 : line.IndexOf(' ', 1);
            if (cut < 0 || cut == line.Length - 1)
            {
                throw new TokenizerDataException($"tokenizer.ggml.merges[{rank}] is '{line}'; it must be two tokens with a space between");
            }

            var left = ByteAlphabet.Decode(line[..cut]);
            var right = ByteAlphabet.Decode(line[(cut + 1)..]);
            var (leftId, rightId, merged) = (vocabulary.Find(left), vocabulary.Find(right), vocabulary.Find([.. left, .. right]));
            if (leftId < 0 || rightId < 0 || merged < 0)
            {
                throw new TokenizerDataException($"tokenizer.ggml.merges[{rank}] is '{line}'; its parts and its result must be tokens");
            }

            table.Add(leftId, rightId, rank, merged);
        }

        return table;
    }

    private void EncodePiece(ReadOnlySpan<char> piece, MergeQueue queue, List<int> ids)
    {
        // A long piece comes from a hostile text alone: its bytes are counted first, and no pool keeps them.
        var utf8 = piece.Length <= 170 ? stackalloc byte[512] : new byte[Encoding.UTF8.GetByteCount(piece)];
        utf8 = utf8[..Encoding.UTF8.GetBytes(piece, utf8)];
        var whole = _rule.TakesWholePieces ? _vocabulary.Find(utf8) : -1;
        if (whole >= 0)
        {
            ids.Add(whole);
        }
        else if (utf8.Length <= ShortPieceMax)
        {
            MergeShort(utf8, ids);
        }
        else
        {
            MergeLong(utf8, queue, ids);
        }
    }

    private void Offer(in SymbolChain chain, MergeQueue queue, int left, int right)
    {
        if (left < 0 || right == chain.Count)
        {
            return;
        }

        var rank = _merges.Find(chain.Ids[left], chain.Ids[right], out _);
        if (rank != int.MaxValue)
        {
            queue.Push(rank, left);
        }
    }
}
