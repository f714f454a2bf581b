using System.Text;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Engine.Constraints;

/// <summary>
/// What all constraints of one model share. Inside a string nearly every token is allowed, and walking them all costs 12 ms
/// (measured on 151,936 tokens); so the plain ones (<see cref="PlainRunes"/>) are masks made once, by length, and only the other 3 %
/// are walked. Those are sorted by what they do to a string, because most of them do the same to all strings: see <see cref="TokenConstraint"/>.
/// </summary>
internal sealed class VocabularyMasks
{
    /// <summary>Plain tokens of more code points are walked.</summary>
    public const int PlainRunesMax = 24;

    public const long CacheBytesDefault = 32L * 1024 * 1024;

    // A string and an object with a key of its own: what stays in them depends on no schema.
    private static readonly ConstraintGrammar Strings = new(
        [new SchemaNode.Text(0, int.MaxValue, null), new SchemaNode.ObjectOf([], [], [0], new LiteralTrie(), 0)], 0, [0, 0]);

    private readonly ulong[][] _plainUpTo;
    private readonly TokenTrie _insideTrie;
    private readonly Lock _gate = new();

    // By phase and room, filled when asked for; under the lock.
    private readonly Dictionary<(Phase, int), ulong[]> _inside = [];

    public VocabularyMasks(Tokenizer tokenizer, long cacheBytesMax = CacheBytesDefault)
    {
        Tokenizer = tokenizer;
        Words = (tokenizer.Vocabulary.Count + 63) / 64;
        Cache = new MaskCache(cacheBytesMax);
        var vocabulary = tokenizer.Vocabulary;
        var text = Enumerable.Range(0, vocabulary.Count).Where(id => vocabulary.IsText(id) && !tokenizer.EndTokens.Contains(id)).ToArray();
        var plain = text.ToDictionary(id => id, id => PlainPrefix(vocabulary.BytesOf(id)));
        Trie = new TokenTrie(vocabulary, text);
        var rest = text.Where(id => !IsPlain(id)).ToList();
        RestTrie = new TokenTrie(vocabulary, rest);
        var quoted = rest.Where(id => vocabulary.BytesOf(id).Contains((byte)'"')).ToHashSet();
        _insideTrie = new TokenTrie(vocabulary, rest.Where(id => !quoted.Contains(id)));
        var closing = quoted.Where(id => vocabulary.BytesOf(id)[plain[id].Bytes] == '"' && plain[id].Runes <= PlainRunesMax).ToLookup(id => plain[id].Runes);
        ClosingTries = [.. Enumerable.Range(0, closing.Select(c => c.Key + 1).DefaultIfEmpty().Max()).Select(runes => new TokenTrie(vocabulary, closing[runes], id => plain[id].Bytes))];
        var straight = closing.SelectMany(c => c).ToHashSet();
        MixedTrie = new TokenTrie(vocabulary, quoted.Where(id => !straight.Contains(id)));
        QuotedBytesMax = quoted.Select(id => vocabulary.BytesOf(id).LastIndexOf((byte)'"')).DefaultIfEmpty().Max();
        _plainUpTo = new ulong[PlainRunesMax + 1][];
        for (var most = 0; most <= PlainRunesMax; most++)
        {
            _plainUpTo[most] = new ulong[Words];
            foreach (var id in text.Where(id => IsPlain(id) && plain[id].Runes <= most))
            {
                _plainUpTo[most][id >> 6] |= 1UL << (id & 63);
            }
        }

        bool IsPlain(int id) => plain[id].Runes is > 0 and <= PlainRunesMax && plain[id].Bytes == vocabulary.BytesOf(id).Length;
    }

    public Tokenizer Tokenizer { get; }

    /// <summary>Length of a mask in words of 64 tokens.</summary>
    public int Words { get; }

    public TokenTrie Trie { get; }

    /// <summary>The tokens that no plain mask holds.</summary>
    public TokenTrie RestTrie { get; }

    /// <summary>Room for so many code points is room for any token.</summary>
    public int RoomMax => Tokenizer.Vocabulary.BytesMax + 1;

    /// <summary>By the plain code points that come first, the tokens that then close a string; from the quote on.</summary>
    public IReadOnlyList<TokenTrie> ClosingTries { get; }

    /// <summary>The other ones with a quote.</summary>
    public TokenTrie MixedTrie { get; }

    /// <summary>So many bytes at most come before a quote in a token.</summary>
    public int QuotedBytesMax { get; }

    public MaskCache Cache { get; }

    /// <summary>With all the masks that may be made of what stays in a string.</summary>
    public long HeldBytes => Trie.HeldBytes + RestTrie.HeldBytes + _insideTrie.HeldBytes + MixedTrie.HeldBytes + ClosingTries.Sum(t => t.HeldBytes) + (8L * Words * (PlainRunesMax + 1 + (2 * (RoomMax + 1)))) + Cache.HeldBytes;

    /// <summary>The tokens that stay in a string (<see cref="Phase.Text"/>) or a key (<see cref="Phase.FreeKey"/>) with so much room.</summary>
    public ReadOnlySpan<ulong> Inside(Phase phase, int room)
    {
        lock (_gate)
        {
            var key = (phase, Math.Min(room, RoomMax));
            if (!_inside.TryGetValue(key, out var mask))
            {
                mask = _inside[key] = PlainUpTo(room).ToArray();
                var at = new Config(null, phase == Phase.Text ? 0 : 1, phase, key.Item2, phase == Phase.Text ? 0 : -1);
                _insideTrie.Allow(new ByteMachine(Strings, Tokenizer.Writable), at, new WalkBuffers(), mask);
            }

            return mask;
        }
    }

    public ReadOnlySpan<ulong> PlainUpTo(int runes) => _plainUpTo[Math.Min(runes, PlainRunesMax)];

    // The plain code points that a token begins with, and their bytes.
    private static (int Runes, int Bytes) PlainPrefix(ReadOnlySpan<byte> bytes)
    {
        var (runes, width) = (0, 0);
        while (width < bytes.Length && Rune.DecodeFromUtf8(bytes[width..], out var rune, out var more) == System.Buffers.OperationStatus.Done && PlainRunes.Contains(rune.Value))
        {
            (runes, width) = (runes + 1, width + more);
        }

        return (runes, width);
    }
}
