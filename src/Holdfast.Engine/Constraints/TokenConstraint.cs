using System.Text;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Engine.Constraints;

/// <summary>
/// Keeps a generation on a grammar. Pure but for the cache of masks: the same state gives the same mask. Any state that can be
/// reached can be brought to an end. One constraint serves one request at a time.
/// </summary>
internal sealed class TokenConstraint
{
    private const int ForcedBytesMax = 4096;

    // Finding what must come tries every byte in every way: where there are many, less of it is found at a time. 1 to 2 ms.
    private const long ForcedWorkMax = 30_000;

    private readonly ConstraintGrammar _grammar;
    private readonly ByteMachine _machine;
    private readonly VocabularyMasks _masks;
    private readonly WalkBuffers _buffers = new();
    private readonly ConfigSet _now = new();
    private readonly ConfigSet _next = new();

    /// <param name="grammar">What may be written.</param>
    /// <param name="masks">The model's vocabulary.</param>
    public TokenConstraint(ConstraintGrammar grammar, VocabularyMasks masks)
    {
        _grammar = grammar;
        _machine = new ByteMachine(grammar, masks.Tokenizer.Writable);
        _masks = masks;
        Start = new ConstraintState([_machine.Start]);
    }

    public ConstraintState Start { get; }

    /// <summary>Length of a mask in words of 64 tokens.</summary>
    public int MaskWords => _masks.Words;

    /// <summary>Whether the text is whole here and may end.</summary>
    public bool IsComplete(ConstraintState state) => state.IsEnded || IsComplete(state.Configs);

    /// <summary>Whether nothing but an end token may follow.</summary>
    public bool MustEnd(ConstraintState state) => !state.IsEnded && IsComplete(state.Configs) && ForcedByte(state.Configs) == -1;

    /// <summary>Configurations tried with a byte so far: what tests bound in place of a time.</summary>
    public long Work => _machine.Work;

    /// <summary>
    /// Writes the bits of all tokens that may come next: what any of the ways to read the text so far allows. Each has a mask of its own,
    /// which is cached, so ways that differ in nothing a token can feel share one, and so do places far apart. A cached mask costs a
    /// union, else a walk (docs/engine-text.md has the times).
    /// </summary>
    public void Mask(ConstraintState state, Span<ulong> mask)
    {
        mask.Clear();
        if (!state.IsEnded)
        {
            _now.Clear();
            foreach (var config in state.Configs)
            {
                _now.Add(KeyOf(config));
            }

            foreach (var config in _now.Items)
            {
                Join(mask, MaskOf(config));
            }
        }

        if (IsComplete(state))
        {
            foreach (var id in _masks.Tokenizer.EndTokens)
            {
                mask[id >> 6] |= 1UL << (id & 63);
            }
        }
    }

    /// <summary>The state after a token, or null when the token is not allowed here.</summary>
    public ConstraintState? Advance(ConstraintState state, int token)
    {
        if (state.IsEnded || token < 0 || token >= _masks.Tokenizer.Vocabulary.Count)
        {
            return null;
        }

        if (_masks.Tokenizer.EndTokens.Contains(token))
        {
            return IsComplete(state) ? new ConstraintState(state.Configs, isEnded: true) : null;
        }

        return _masks.Tokenizer.Vocabulary.IsText(token) ? Advance(state, _masks.Tokenizer.Vocabulary.BytesOf(token)) : null;
    }

    /// <summary>The state after a text, whatever its tokens, or null when it is not allowed here.</summary>
    public ConstraintState? AdvanceText(ConstraintState state, string text) => state.IsEnded ? null : Advance(state, Encoding.UTF8.GetBytes(text));

    /// <summary>
    /// Tokens that must come next, spelt as the tokenizer spells them: where only one text is possible it is cut at the last border
    /// that what follows cannot move, so the model sees the tokens it was trained on. Empty when the model has to choose.
    /// </summary>
    public IReadOnlyList<int> Forced(ConstraintState state)
    {
        var text = ForcedText(state);
        if (text.Length == 0)
        {
            return [];
        }

        // A schema may hold the name of a control token; that is text. Tags of ours are tokens that may be written.
        var ids = _masks.Tokenizer.EncodeContinuation(text, allowSpecial: true);
        ids = ids.TrueForAll(id => _masks.Tokenizer.Vocabulary.IsText(id) && !_masks.Tokenizer.EndTokens.Contains(id)) ? ids : _masks.Tokenizer.EncodeContinuation(text, allowSpecial: false);
        if (!Spells(ids, text))
        {
            return [];
        }

        var end = Encoding.UTF8.GetByteCount(text);
        var isWhole = IsWholeAfter(state, text);
        while (ids.Count > 0 && !isWhole && end > SafeBorder(text))
        {
            end -= _masks.Tokenizer.Vocabulary.BytesOf(ids[^1]).Length;
            ids.RemoveAt(ids.Count - 1);
        }

        return ids;
    }

    // A tokenizer leaves out bytes that have no token; half a text must never be put for a whole one.
    private bool Spells(List<int> ids, string text)
    {
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(text);
        foreach (var id in ids)
        {
            var bytes = _masks.Tokenizer.Vocabulary.BytesOf(id);
            if (!rest.StartsWith(bytes))
            {
                return false;
            }

            rest = rest[bytes.Length..];
        }

        return rest.IsEmpty;
    }

    private bool IsWholeAfter(ConstraintState state, string text)
    {
        var after = Advance(state, Encoding.UTF8.GetBytes(text));
        if (after is null || !IsComplete(after))
        {
            return false;
        }

        return ForcedByte(after.Configs) == -1;
    }

    // What follows the last letter, sign or space of one kind may join it into one token: everything before that run is settled.
    private static int SafeBorder(string text)
    {
        var start = text.Length - 1;
        while (start > 0 && KindOf(text[start - 1]) == KindOf(text[^1]))
        {
            start--;
        }

        start -= start > 0 && text[start - 1] == ' ' ? 1 : 0;
        return Encoding.UTF8.GetByteCount(text.AsSpan(0, start));
    }

    private static int KindOf(char unit) => char.IsLetter(unit) ? 0 : char.IsDigit(unit) ? 1 : char.IsWhiteSpace(unit) ? 2 : 3;

    private string ForcedText(ConstraintState state)
    {
        if (state.IsEnded)
        {
            return "";
        }

        var bytes = new List<byte>();
        var workMax = _machine.Work + ForcedWorkMax;
        Fill(_now, state.Configs);
        while (bytes.Count < ForcedBytesMax && _machine.Work < workMax && !IsComplete(_now.Items))
        {
            var only = ForcedByte(_now.Items);
            if (only < 0)
            {
                break;
            }

            bytes.Add((byte)only);
            StepAll(_now, (byte)only, _next);
            Fill(_now, _next.Items);
        }

        // A text is cut before an unfinished character.
        var whole = bytes.Count;
        while (whole > 0 && !Utf8Text.TryDecode([.. bytes[..whole]], out _, out _))
        {
            whole--;
        }

        return Encoding.UTF8.GetString([.. bytes[..whole]]);
    }

    // The one byte that may come next; -1 for none, -2 for several.
    private int ForcedByte(ReadOnlySpan<Config> configs)
    {
        var only = -1;
        for (var unit = 0; unit < 256; unit++)
        {
            if (!IsAllowed(configs, (byte)unit))
            {
                continue;
            }

            if (only >= 0)
            {
                return -2;
            }

            only = unit;
        }

        return only;
    }

    private bool IsAllowed(ReadOnlySpan<Config> configs, byte unit)
    {
        _next.Clear();
        foreach (var config in configs)
        {
            _machine.Step(config, unit, _next);
            if (_next.Count > 0)
            {
                return true;
            }
        }

        return false;
    }

    private ConstraintState? Advance(ConstraintState state, ReadOnlySpan<byte> bytes)
    {
        Fill(_now, state.Configs);
        foreach (var unit in bytes)
        {
            StepAll(_now, unit, _next);
            if (_next.Count == 0)
            {
                return null;
            }

            Fill(_now, _next.Items);
        }

        return _machine.LeadsOn(_now.Items) ? new ConstraintState(_now.Items) : null;
    }

    private static void Join(Span<ulong> mask, ReadOnlySpan<ulong> other)
    {
        for (var i = 0; i < mask.Length; i++)
        {
            mask[i] |= other[i];
        }
    }

    private ulong[] MaskOf(in Config config)
    {
        var mask = _masks.Cache.Find(_grammar, config);
        if (mask is null)
        {
            mask = new ulong[_masks.Words];
            Walk(config, mask);
            _masks.Cache.Keep(_grammar, config, mask);
        }

        return mask;
    }

    private void Walk(in Config config, ulong[] mask)
    {
        var isPlainText = IsPlainText(config);
        if (isPlainText && (config.Phase == Phase.Text || config.B < 0))
        {
            WalkString(config, mask);
            return;
        }

        // Where lengths alone bound the plain code points, no plain token beyond is allowed.
        var plain = isPlainText ? config.A : config.Phase == Phase.Text ? ((SchemaNode.Text)_grammar.Nodes[config.Node]).Pattern!.PlainRunesFrom(config.B) : 0;
        _masks.PlainUpTo(plain).CopyTo(mask);
        (isPlainText || plain >= VocabularyMasks.PlainRunesMax ? _masks.RestTrie : _masks.Trie).Allow(_machine, config, _buffers, mask);
    }

    // What stays in a string is the same for all strings with that much room; what closes it after so many plain code points does all
    // that follows the quote in the same way, however many they are.
    private void WalkString(in Config config, ulong[] mask)
    {
        var isText = config.Phase == Phase.Text;
        _masks.Inside(config.Phase, config.A).CopyTo(mask);
        _masks.MixedTrie.Allow(_machine, config, _buffers, mask);
        var atQuote = config with { A = 0, B = isText ? 0 : -1 };
        for (var runes = isText ? config.B : 0; runes <= config.A && runes < _masks.ClosingTries.Count; runes++)
        {
            _masks.ClosingTries[runes].Allow(_machine, atQuote, _buffers, mask);
        }
    }

    private bool IsPlainText(in Config config) =>
        (config.Phase == Phase.Text && _grammar.Nodes[config.Node] is SchemaNode.Text { Pattern: null }) || config.Phase == Phase.FreeKey;

    // What no token can feel is evened out, so that more configurations share a mask: room in a string beyond the longest token,
    // characters still missing beyond the longest that a quote ends, and which string it is where they end alike.
    private Config KeyOf(in Config config)
    {
        if (!IsPlainText(config))
        {
            return config;
        }

        var room = Math.Min(config.A, _masks.RoomMax);
        return config.Phase == Phase.Text
            ? config with { Node = _grammar.PlainText, A = room, B = Math.Min(config.B, _masks.QuotedBytesMax + 1) }
            : config with { A = room };
    }

    private bool IsComplete(ReadOnlySpan<Config> configs)
    {
        foreach (var config in configs)
        {
            if (_machine.IsComplete(config))
            {
                return true;
            }
        }

        return false;
    }

    private void StepAll(ConfigSet from, byte unit, ConfigSet to)
    {
        to.Clear();
        foreach (var config in from.Items)
        {
            _machine.Step(config, unit, to);
        }
    }

    private static void Fill(ConfigSet set, ReadOnlySpan<Config> configs)
    {
        set.Clear();
        foreach (var config in configs)
        {
            set.Add(config);
        }
    }
}
