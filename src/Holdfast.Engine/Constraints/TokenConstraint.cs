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

    /// <summary>Writes the bits of all tokens that may come next. A cached mask costs a copy, else a walk (docs/engine-text.md has the times).</summary>
    public void Mask(ConstraintState state, Span<ulong> mask)
    {
        var key = KeyOf(state);
        var known = _masks.Cache.Find(_grammar, key);
        if (known is null)
        {
            known = new ulong[_masks.Words];
            Compute(state, known);
            _masks.Cache.Keep(_grammar, key, known);
        }

        known.CopyTo(mask);
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
        Fill(_now, state.Configs);
        while (bytes.Count < ForcedBytesMax && !IsComplete(_now.Items))
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
            _next.Clear();
            foreach (var config in configs)
            {
                _machine.Step(config, (byte)unit, _next);
            }

            if (_next.Count > 0)
            {
                if (only >= 0)
                {
                    return -2;
                }

                only = unit;
            }
        }

        return only;
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

    private void Compute(ConstraintState state, ulong[] mask)
    {
        if (state.IsEnded)
        {
            AllowEnd(mask);
            return;
        }

        var trie = _masks.Trie;
        if (state.Configs is [var only] && IsPlainText(only))
        {
            _masks.PlainUpTo(only.A).CopyTo(mask);
            trie = _masks.RestTrie;
        }

        trie.Allow(_machine, state.Configs, _buffers, mask);
        if (IsComplete(state))
        {
            AllowEnd(mask);
        }
    }

    private void AllowEnd(ulong[] mask)
    {
        foreach (var id in _masks.Tokenizer.EndTokens)
        {
            mask[id >> 6] |= 1UL << (id & 63);
        }
    }

    private bool IsPlainText(in Config config) =>
        (config.Phase == Phase.Text && _grammar.Nodes[config.Node] is SchemaNode.Text { Pattern: null }) || config.Phase == Phase.FreeKey;

    // No token is longer than the longest: beyond that the room left in a string makes no difference to the mask.
    private ConstraintState KeyOf(ConstraintState state)
    {
        if (state.Configs is [var only] && IsPlainText(only))
        {
            var longest = _masks.Tokenizer.Vocabulary.BytesMax + 1;
            var needed = only.Phase == Phase.Text ? Math.Min(only.B, longest) : only.B;
            return new ConstraintState([only with { A = Math.Min(only.A, longest), B = needed }], state.IsEnded);
        }

        return state;
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
