using System.Text;

namespace Holdfast.Engine.Tokenizing;

/// <summary>
/// The SentencePiece BPE of the Llama 2 family: characters merge into the token of the best score, leftmost first; what is no
/// token in the end becomes byte tokens. One heap over the whole text, so n log n. U+2581, by which these vocabularies write a space, is
/// one in a text too, as in llama.cpp and SentencePiece itself: it comes back as a space.
/// </summary>
internal sealed class SentencePieceEncoder : ITextEncoder
{
    public const char WrittenSpace = '\u2581';

    private readonly Vocabulary _vocabulary;
    private readonly bool _addsSpacePrefix;
    private readonly int[] _rankOf;
    private readonly int[] _byteTokens = new int[256];

    public SentencePieceEncoder(TokenizerData data, Vocabulary vocabulary)
    {
        if (data.Scores.Count != data.Tokens.Count)
        {
            throw new TokenizerDataException($"tokenizer.ggml.scores has {data.Scores.Count} entries; tokenizer.ggml.tokens has {data.Tokens.Count}");
        }

        _vocabulary = vocabulary;
        _addsSpacePrefix = data.AddsSpacePrefix ?? true;
        _rankOf = RankByScore(data.Scores);
        Array.Fill(_byteTokens, -1);
        for (var id = 0; id < vocabulary.Count; id++)
        {
            if (vocabulary.KindOf(id) == TokenKind.Byte)
            {
                _byteTokens[vocabulary.BytesOf(id)[0]] = id;
            }
        }

        for (var value = 0; value < 256; value++)
        {
            if (_byteTokens[value] < 0 && value is not (0xC0 or 0xC1 or >= 0xF5))
            {
                _byteTokens[value] = vocabulary.StandIn((byte)value, data);
            }
        }
    }

    public long HeldBytes => 4L * (_rankOf.Length + _byteTokens.Length);

    public void Encode(ReadOnlySpan<char> text, bool isAfterSpecial, List<int> ids, int idsMax)
    {
        if (text.Contains(WrittenSpace))
        {
            text = text.ToString().Replace(WrittenSpace, ' ');
        }

        var hasPrefix = _addsSpacePrefix && isAfterSpecial;
        var prefix = hasPrefix ? 1 : 0;
        var utf8 = new byte[prefix + Encoding.UTF8.GetByteCount(text)];
        utf8.AsSpan(0, prefix).Fill((byte)' ');
        Encoding.UTF8.GetBytes(text, utf8.AsSpan(prefix));
        using var chain = new SymbolChain(utf8.Length);
        Merge(utf8, chain, ids);
    }

    private static int[] RankByScore(IReadOnlyList<float> scores)
    {
        var order = Enumerable.Range(0, scores.Count).OrderByDescending(i => scores[i]).ToArray();
        var ranks = new int[scores.Count];
        var rank = 0;
        for (var i = 0; i < order.Length; i++)
        {
            rank += i > 0 && scores[order[i]] != scores[order[i - 1]] ? 1 : 0;
            ranks[order[i]] = rank;
        }

        return ranks;
    }

    // A symbol is named by its first byte; it ends where the next one starts.
    private void Merge(ReadOnlySpan<byte> utf8, in SymbolChain chain, List<int> ids)
    {
        var queue = new MergeQueue();
        queue.Clear(utf8.Length);
        for (var i = 0; i < utf8.Length; i++)
        {
            chain.Ids[i] = 0;
        }

        for (var i = 1; i < utf8.Length; i++)
        {
            if ((utf8[i] & 0xC0) == 0x80)
            {
                chain.Remove(i);
            }
        }

        for (var i = 0; i < utf8.Length; i = chain.Next[i])
        {
            Offer(utf8, chain, queue, i);
        }

        while (queue.TryPop(out var rank, out var left))
        {
            if (chain.Ids[left] < 0 || RankOf(utf8, chain, left) != rank)
            {
                continue;
            }

            chain.Remove(chain.Next[left]);
            Offer(utf8, chain, queue, left);
            Offer(utf8, chain, queue, chain.Previous[left]);
        }

        for (var i = 0; i < utf8.Length; i = chain.Next[i])
        {
            AddTokens(utf8[i..chain.Next[i]], ids);
        }
    }

    private void Offer(ReadOnlySpan<byte> utf8, in SymbolChain chain, MergeQueue queue, int left)
    {
        if (left < 0)
        {
            return;
        }

        var rank = RankOf(utf8, chain, left);
        if (rank >= 0)
        {
            queue.Push(rank, left);
        }
    }

    // The rank of a symbol and the next together, or -1 where they make no token.
    private int RankOf(ReadOnlySpan<byte> utf8, in SymbolChain chain, int left)
    {
        var right = chain.Next[left];
        if (right >= utf8.Length)
        {
            return -1;
        }

        var end = chain.Next[right];
        var id = end - left > _vocabulary.BytesMax ? -1 : _vocabulary.Find(utf8[left..end]);
        return id < 0 ? -1 : _rankOf[id];
    }

    private void AddTokens(ReadOnlySpan<byte> symbol, List<int> ids)
    {
        var id = _vocabulary.Find(symbol);
        if (id >= 0)
        {
            ids.Add(id);
            return;
        }

        foreach (var value in symbol)
        {
            if (_byteTokens[value] >= 0)
            {
                ids.Add(_byteTokens[value]);
            }
        }
    }
}
