using System.Text;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Engine.Constraints;

/// <summary>
/// What all constraints of one model share. Inside a string nearly every token is allowed, and walking them all costs 12 ms
/// (measured on 151,936 tokens); so the plain ones, whole text without quote, backslash and control characters, are masks made
/// once, by length, and only the other 3 % are walked.
/// </summary>
internal sealed class VocabularyMasks
{
    /// <summary>Plain tokens of more code points are walked.</summary>
    public const int PlainRunesMax = 24;

    public const long CacheBytesDefault = 32L * 1024 * 1024;

    private readonly ulong[][] _plainUpTo;

    public VocabularyMasks(Tokenizer tokenizer, long cacheBytesMax = CacheBytesDefault)
    {
        Tokenizer = tokenizer;
        Words = (tokenizer.Vocabulary.Count + 63) / 64;
        Cache = new MaskCache(cacheBytesMax);
        var vocabulary = tokenizer.Vocabulary;
        var text = Enumerable.Range(0, vocabulary.Count).Where(id => vocabulary.IsText(id) && !tokenizer.EndTokens.Contains(id)).ToArray();
        var runes = text.Select(id => PlainRunes(vocabulary.BytesOf(id))).ToArray();
        Trie = new TokenTrie(vocabulary, text);
        RestTrie = new TokenTrie(vocabulary, text.Where((_, i) => runes[i] == 0));
        _plainUpTo = new ulong[PlainRunesMax + 1][];
        for (var most = 0; most <= PlainRunesMax; most++)
        {
            _plainUpTo[most] = new ulong[Words];
            for (var i = 0; i < text.Length; i++)
            {
                if (runes[i] > 0 && runes[i] <= most)
                {
                    _plainUpTo[most][text[i] >> 6] |= 1UL << (text[i] & 63);
                }
            }
        }
    }

    public Tokenizer Tokenizer { get; }

    /// <summary>Length of a mask in words of 64 tokens.</summary>
    public int Words { get; }

    public TokenTrie Trie { get; }

    /// <summary>The tokens that no plain mask holds.</summary>
    public TokenTrie RestTrie { get; }

    public MaskCache Cache { get; }

    public long HeldBytes => Trie.HeldBytes + RestTrie.HeldBytes + (8L * Words * (PlainRunesMax + 1)) + Cache.HeldBytes;

    public ReadOnlySpan<ulong> PlainUpTo(int runes) => _plainUpTo[Math.Min(runes, PlainRunesMax)];

    // Code points of a plain token, 0 for any other.
    private static int PlainRunes(ReadOnlySpan<byte> bytes)
    {
        var runes = 0;
        while (bytes.Length > 0)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var width) != System.Buffers.OperationStatus.Done || rune.Value is < ' ' or '"' or '\\')
            {
                return 0;
            }

            bytes = bytes[width..];
            runes++;
        }

        return runes <= PlainRunesMax ? runes : 0;
    }
}
