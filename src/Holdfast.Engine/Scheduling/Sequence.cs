using Holdfast.Engine.Blocks;

namespace Holdfast.Engine.Scheduling;

/// <summary>
/// One text that grows: its prompt and what was generated. Computed tokens have their keys and values in the blocks; the others are
/// still to do. There is no phase: a prompt, the next token and a recomputation are all "tokens not yet computed".
/// </summary>
internal sealed class Sequence
{
    private readonly List<int> _tokens;
    private readonly List<BlockKey> _keys = [];
    private int[] _table = [];

    public Sequence(int number, IReadOnlyList<int> prompt, int newTokensMax, int priority, Sequence? leader)
    {
        ArgumentOutOfRangeException.ThrowIfZero(prompt.Count, nameof(prompt));
        ArgumentOutOfRangeException.ThrowIfLessThan(newTokensMax, 1);
        (Number, Priority, Leader, NewTokensMax, PromptTokens) = (number, priority, leader, newTokensMax, prompt.Count);
        _tokens = [.. prompt];
        LogitsFrom = prompt.Count - 1;
    }

    public int Number { get; }

    /// <summary>Lower goes first, as in vLLM's API.</summary>
    public int Priority { get; }

    /// <summary>Another choice of the same request, whose prompt this one shares: it waits until the leader has computed it.</summary>
    public Sequence? Leader { get; }

    public int PromptTokens { get; }

    public int NewTokensMax { get; }

    public SequenceState State { get; internal set; } = SequenceState.Waiting;

    public IReadOnlyList<int> Tokens => _tokens;

    public int GeneratedTokens => _tokens.Count - PromptTokens;

    /// <summary>Tokens whose keys and values are in the blocks.</summary>
    public int Computed { get; internal set; }

    /// <summary>
    /// The first token whose logits are wanted and not known yet: the last one, unless tokens were put in before they were computed and
    /// the logits before them are wanted too. Never less than <see cref="Computed"/>.
    /// </summary>
    public int LogitsFrom { get; internal set; }

    /// <summary>Prompt tokens that the first admission found in the cache.</summary>
    public int CachedTokens { get; internal set; }

    /// <summary>How often it had to give up its blocks.</summary>
    public int Preemptions { get; internal set; }

    internal List<int> Blocks { get; } = [];

    internal int Published { get; set; }

    public int ToDo => _tokens.Count - Computed;

    public ReadOnlySpan<int> Span(int first, int count) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_tokens).Slice(first, count);

    /// <summary>The blocks as an array that the forward pass may read while the list is changed; rewritten by the next call.</summary>
    public int[] BlockTable()
    {
        if (_table.Length < Blocks.Count)
        {
            _table = new int[Math.Max(8, 2 * Blocks.Count)];
        }

        Blocks.CopyTo(_table);
        return _table;
    }

    /// <summary>Adds a token; several may be added before a step, which then computes them as one run.</summary>
    /// <param name="token">The token.</param>
    /// <param name="keepsLogits">The logits of the tokens before it, as far as they are not known, are still wanted.</param>
    public void Append(int token, bool keepsLogits = false)
    {
        _tokens.Add(token);
        LogitsFrom = keepsLogits ? LogitsFrom : _tokens.Count - 1;
    }

    /// <summary>The key of full block <paramref name="index"/>; its tokens must be there.</summary>
    internal BlockKey Key(int index, int blockTokens)
    {
        while (_keys.Count <= index)
        {
            var parent = _keys.Count == 0 ? BlockKey.Root : _keys[^1];
            _keys.Add(parent.Next(Span(_keys.Count * blockTokens, blockTokens)));
        }

        return _keys[index];
    }
}
