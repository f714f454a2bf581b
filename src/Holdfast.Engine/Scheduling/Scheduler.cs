using System.Diagnostics;
using Holdfast.Engine.Blocks;

namespace Holdfast.Engine.Scheduling;

/// <summary>
/// Decides what the next step computes. Pure: no clock, no lock, no memory of keys and values; the drill runs this same class.
/// <para>
/// Each step hands out a budget of tokens so that computed tokens catch up with the tokens there are: first to the sequences that
/// need few, the generating ones, at least one to each; then, by priority, to pieces of prompts and to new sequences. A sequence is admitted when its
/// projected need fits beside those of the running ones. When the projection was wrong, the last and least important sequence gives up its blocks and
/// is computed again later; no generation is ever ended for room.
/// </para>
/// </summary>
internal sealed class Scheduler
{
    /// <summary>A sequence that needs no more tokens than this goes before the prompts: a token it has chosen and what a grammar put behind it.</summary>
    internal const int CatchUpMax = 32;

    private readonly SchedulerOptions _options;
    private readonly BlockPool _pool;
    private readonly List<Sequence> _running = [];
    private readonly List<Sequence> _waiting = [];
    private readonly List<PlannedRun> _plan = [];
    private readonly List<Sequence> _walk = [];
    private int _budget;
    private int _rows;
    private bool _hasPreempted;

    public Scheduler(SchedulerOptions options, BlockPool pool)
    {
        (_options, _pool) = (options, pool);
    }

    public IReadOnlyList<Sequence> Running => _running;

    public IReadOnlyList<Sequence> Waiting => _waiting;

    /// <summary>Prompt tokens that were looked for in the prefix cache, first admissions alone.</summary>
    public long CacheQueries { get; private set; }

    /// <summary>Those of them that were found; recomputations after a preemption never count.</summary>
    public long CacheHits { get; private set; }

    public long Preemptions { get; private set; }

    public bool HasWork => _running.Count > 0 || _waiting.Count > 0;

    public Submission Submit(Sequence sequence)
    {
        if (BlocksFor(sequence.PromptTokens + sequence.NewTokensMax) > _pool.Blocks)
        {
            return Submission.TooLarge;
        }

        if (_running.Count + _waiting.Count >= _options.SequencesMax)
        {
            return Submission.QueueFull;
        }

        // Equal priorities keep the order of arrival.
        var place = _waiting.FindLastIndex(w => w.Priority <= sequence.Priority) + 1;
        _waiting.Insert(place, sequence);
        return Submission.Queued;
    }

    /// <summary>Ends a sequence, finished or cancelled, in any state; its blocks are free at once.</summary>
    public void End(Sequence sequence)
    {
        if (sequence.State == SequenceState.Ended)
        {
            return;
        }

        if (!_running.Remove(sequence))
        {
            _waiting.Remove(sequence);
        }

        Release(sequence);
        sequence.State = SequenceState.Ended;
    }

    /// <summary>The next step. The list is valid until the next call; every run in it has the blocks it needs.</summary>
    public IReadOnlyList<PlannedRun> Next()
    {
        _plan.Clear();
        (_budget, _rows, _hasPreempted) = (_options.StepTokens, _options.LogitRowsMax, false);
        GiveCatchingUp();
        GivePrompts();
        return _plan;
    }

    /// <summary>To be called when the planned step was computed: full blocks become findable for others.</summary>
    public void Complete()
    {
        foreach (var run in _plan)
        {
            var sequence = run.Sequence;
            if (sequence.State != SequenceState.Running)
            {
                continue;
            }

            sequence.Computed += run.Tokens;
            sequence.LogitsFrom = Math.Max(sequence.LogitsFrom, sequence.Computed);
            for (; (sequence.Published + 1) * _pool.BlockTokens <= sequence.Computed; sequence.Published++)
            {
                var first = sequence.Published * _pool.BlockTokens;
                _pool.Publish(
                    sequence.Blocks[sequence.Published], sequence.Key(sequence.Published, _pool.BlockTokens), sequence.Span(first, _pool.BlockTokens));
            }
        }

        _plan.Clear();
    }

    public int BlocksFor(int tokens) => (tokens + _pool.BlockTokens - 1) / _pool.BlockTokens;

    private int Projected(Sequence sequence) =>
        BlocksFor(Math.Max(sequence.Tokens.Count, sequence.PromptTokens + Math.Min(sequence.NewTokensMax, _options.ProjectedTokensMax)));

    private void GiveCatchingUp()
    {
        // A copy, because a preemption takes sequences out of the list, before or behind the place we are at.
        _walk.Clear();
        _walk.AddRange(_running);
        for (var i = 0; i < _walk.Count && _budget > 0; i++)
        {
            var sequence = _walk[i];
            if (sequence.State == SequenceState.Running && sequence.ToDo is > 0 and <= CatchUpMax && !IsPlanned(sequence))
            {
                // Those behind may need a token each: a long jump must not hold up their streams.
                Give(sequence, _walk.Count - 1 - i);
            }
        }
    }

    /// <summary>Prompts that run, and those in line, the more important first; of equal ones those that run.</summary>
    private void GivePrompts()
    {
        _walk.Clear();
        var projected = 0;
        foreach (var sequence in _running)
        {
            projected += Projected(sequence);
            if (sequence.ToDo > CatchUpMax && !IsPlanned(sequence))
            {
                _walk.Insert(_walk.FindLastIndex(w => w.Priority <= sequence.Priority) + 1, sequence);
            }
        }

        var (walked, inLine) = (0, 0);
        while (_budget > 0)
        {
            var prompt = walked < _walk.Count ? _walk[walked] : null;
            var first = MayAdmit() ? FirstInLine(ref inLine) : null;
            if (prompt is not null && (first is null || prompt.Priority <= first.Priority))
            {
                walked++;
                if (prompt.State == SequenceState.Running)
                {
                    Give(prompt, kept: 0);
                }
            }
            else if (first is null)
            {
                return;
            }
            else if (_running.Count > 0 && projected + Projected(first) > _pool.Blocks)
            {
                // Nobody overtakes the first in line: a large request would wait for ever.
                inLine = _waiting.Count;
            }
            else
            {
                projected += Projected(first);
                Admit(first);
            }
        }
    }

    /// <summary>Plans as many of a sequence's tokens as budget and rows of logits allow; some of both are kept for others, but for one of each.</summary>
    private void Give(Sequence sequence, int kept)
    {
        var rows = kept > 0 ? Math.Max(1, _rows - kept) : _rows;
        var budget = kept > 0 ? Math.Max(1, _budget - kept) : _budget;
        var tokens = Math.Min(sequence.ToDo, Math.Min(budget, sequence.LogitsFrom - sequence.Computed + rows));
        if (tokens > 0 && TryGrow(sequence, sequence.Computed + tokens))
        {
            var wanted = Math.Max(0, sequence.Computed + tokens - sequence.LogitsFrom);
            _plan.Add(new PlannedRun(sequence, sequence.Computed, tokens, wanted));
            (_budget, _rows) = (_budget - tokens, _rows - wanted);
        }
    }

    private bool IsPlanned(Sequence sequence)
    {
        foreach (var run in _plan)
        {
            if (ReferenceEquals(run.Sequence, sequence))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Gets blocks up to a number of tokens, if need be those of less important sequences. False when the sequence itself had to go.</summary>
    private bool TryGrow(Sequence sequence, int tokens)
    {
        while (sequence.Blocks.Count < BlocksFor(tokens))
        {
            if (_pool.TryTake(out var block))
            {
                sequence.Blocks.Add(block);
                continue;
            }

            var victim = Victim();
            Preempt(victim);
            if (ReferenceEquals(victim, sequence))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The least important running sequence, of equal ones the last admitted.</summary>
    private Sequence Victim()
    {
        var victim = _running[0];
        foreach (var sequence in _running)
        {
            if (sequence.Priority >= victim.Priority)
            {
                victim = sequence;
            }
        }

        return victim;
    }

    private void Preempt(Sequence sequence)
    {
        TakeBack(sequence);
        Release(sequence);
        _running.Remove(sequence);
        sequence.State = SequenceState.Waiting;
        sequence.Preemptions++;
        Preemptions++;
        _hasPreempted = true;

        // Before all others of its priority: it has waited already.
        var place = _waiting.FindIndex(w => w.Priority >= sequence.Priority);
        _waiting.Insert(place < 0 ? _waiting.Count : place, sequence);
    }

    /// <summary>What was planned for a sequence in this step goes to others.</summary>
    private void TakeBack(Sequence sequence)
    {
        var place = _plan.FindIndex(run => ReferenceEquals(run.Sequence, sequence));
        if (place >= 0)
        {
            (_budget, _rows) = (_budget + _plan[place].Tokens, _rows + _plan[place].LogitRows);
            _plan.RemoveAt(place);
        }
    }

    private void Release(Sequence sequence)
    {
        // Last block first, so that the beginnings of prompts stay in the cache longest.
        for (var i = sequence.Blocks.Count - 1; i >= 0; i--)
        {
            _pool.Release(sequence.Blocks[i]);
        }

        sequence.Blocks.Clear();
        (sequence.Computed, sequence.Published) = (0, 0);
    }

    private bool MayAdmit() => !_hasPreempted && _rows > 0 && _running.Count < _options.RunningMax;

    /// <summary>The first that waits, from a place on, but for those that wait for their leader as well.</summary>
    private Sequence? FirstInLine(ref int place)
    {
        while (place < _waiting.Count && IsWaitingForLeader(_waiting[place]))
        {
            place++;
        }

        return place < _waiting.Count ? _waiting[place] : null;
    }

    private void Admit(Sequence sequence)
    {
        _waiting.Remove(sequence);
        sequence.State = SequenceState.Running;
        _running.Add(sequence);
        ShareBlocks(sequence);
        Give(sequence, kept: 0);
    }

    private static bool IsWaitingForLeader(Sequence sequence) =>
        sequence.Leader is { State: not SequenceState.Ended } leader && leader.GeneratedTokens == 0;

    /// <summary>Takes over the blocks of the longest known beginning. What logits are wanted of is left to compute, at least the last token.</summary>
    private void ShareBlocks(Sequence sequence)
    {
        Debug.Assert(sequence.Blocks.Count == 0);
        var full = sequence.LogitsFrom / _pool.BlockTokens;
        var found = 0;
        while (found < full
            && _pool.TryShare(sequence.Key(found, _pool.BlockTokens), sequence.Span(found * _pool.BlockTokens, _pool.BlockTokens), out var block))
        {
            sequence.Blocks.Add(block);
            found++;
        }

        sequence.Computed = found * _pool.BlockTokens;
        sequence.Published = found;
        if (sequence.Preemptions == 0)
        {
            sequence.CachedTokens = sequence.Computed;
            CacheQueries += sequence.PromptTokens;
            CacheHits += sequence.Computed;
        }
    }
}
