using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Status;
using Holdfast.Engine.Blocks;
using Holdfast.Engine.Kernels;
using Holdfast.Engine.Models;
using Holdfast.Engine.Sampling;
using Holdfast.Engine.Scheduling;

namespace Holdfast.Engine.Serving;

/// <summary>
/// The thread that owns the model: plans a step, computes it, chooses tokens, and so on while there is work. The scheduler and the
/// generations are shared with callers and guarded by one lock, which is never held while a step is computed: a caller that goes
/// away frees its blocks at once.
/// </summary>
internal sealed class EngineLoop : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Scheduler _scheduler;
    private readonly BlockPool _pool;
    private readonly ForwardPass _pass;
    private readonly StepBatch _batch;
    private readonly Sampler _sampler;
    private readonly EngineMetrics _metrics;
    private readonly ComputeGate? _computeGate;
    private readonly TimeProvider _time;
    private readonly SchedulerOptions _options;
    private readonly Dictionary<Sequence, Generation> _generations = [];
    private readonly List<(Generation Generation, int Row, int Rows)> _wanted = [];
    private readonly SemaphoreSlim _work = new(0);
    private readonly Thread _owner;
    private readonly string _model;
    private readonly long _blockBytes;
    private volatile bool _isStopping;

    public EngineLoop(string model, KernelSet kernels, ForwardPass pass, BlockPool pool, long blockBytes, SchedulerOptions options, int vocabulary, ComputeGate? computeGate, TimeProvider time)
    {
        (_model, _pass, _pool, _blockBytes, _options, _computeGate, _time) = (model, pass, pool, blockBytes, options, computeGate, time);
        _scheduler = new Scheduler(options, pool);
        _batch = new StepBatch(pass.Limits.Tokens, pass.Limits.LogitRows);
        _sampler = new Sampler(vocabulary);
        _metrics = new EngineMetrics(model, kernels, Load);
        _owner = new Thread(Serve) { IsBackground = true, Name = "engine" };
        _owner.Start();
    }

    public EngineLoad Load()
    {
        lock (_gate)
        {
            return new EngineLoad(
                _scheduler.Running.Count, _scheduler.Waiting.Count, (double)_pool.Held / _pool.Blocks, _scheduler.CacheQueries, _scheduler.CacheHits, _scheduler.Preemptions);
        }
    }

    /// <summary>Queues all choices of a call, or none and says why.</summary>
    public AnswerFault? Submit(Call call)
    {
        lock (_gate)
        {
            var (running, waiting) = (_scheduler.Running.Count, _scheduler.Waiting.Count);
            if (_isStopping)
            {
                return ServingFaults.Stopping();
            }

            if (running + waiting + call.Generations.Count > _options.SequencesMax)
            {
                return ServingFaults.Full(running, waiting, call.Generations.Count, _options);
            }

            foreach (var generation in call.Generations)
            {
                if (_scheduler.Submit(generation.Sequence) != Submission.Queued)
                {
                    EndLocked(call);
                    return ServingFaults.TooLarge(generation.Sequence, _pool.Blocks * _pool.BlockTokens);
                }

                _generations.Add(generation.Sequence, generation);
            }
        }

        _work.Release();
        return null;
    }

    /// <summary>Ends what is left of a call; its blocks are free when this returns.</summary>
    public void End(Call call)
    {
        lock (_gate)
        {
            EndLocked(call);
        }
    }

    public KvPoolSnapshot Snapshot()
    {
        lock (_gate)
        {
            var owners = new int[_pool.Blocks];
            for (var b = 0; b < owners.Length; b++)
            {
                owners[b] = _pool.HasKey(b) ? -2 : -1;
            }

            var sequences = new List<KvSequence>();
            foreach (var sequence in _scheduler.Running)
            {
                foreach (var block in sequence.Blocks)
                {
                    owners[block] = sequence.Number;
                }

                sequences.Add(new KvSequence(sequence.Number, _generations[sequence].RequestId, sequence.PromptTokens, sequence.GeneratedTokens, sequence.Blocks.Count));
            }

            return new KvPoolSnapshot(_model, _pool.BlockTokens, _blockBytes, owners, sequences, _scheduler.Waiting.Count);
        }
    }

    public void Dispose()
    {
        _isStopping = true;
        _work.Release();
        _owner.Join();
        _metrics.Dispose();
        _work.Dispose();
    }

    private void EndLocked(Call call)
    {
        foreach (var generation in call.Generations)
        {
            _scheduler.End(generation.Sequence);
            _generations.Remove(generation.Sequence);
        }
    }

    private void Serve()
    {
        while (!_isStopping)
        {
            _work.Wait();
            _computeGate?.Enter();
            try
            {
                while (!_isStopping && Step())
                {
                }
            }
            catch (Exception fault)
            {
                // A defect: every call learns of it, and the engine goes on with an empty pool.
                FailAll(ServingFaults.Broken($"the engine failed: {fault.Message}"));
            }
            finally
            {
                _computeGate?.Leave();
            }
        }

        FailAll(ServingFaults.Stopping());
    }

    private bool Step()
    {
        lock (_gate)
        {
            if (!PlanLocked())
            {
                return false;
            }
        }

        _pass.Run(_batch);
        lock (_gate)
        {
            _scheduler.Complete();
        }

        foreach (var (generation, row, rows) in _wanted)
        {
            Choose(generation, row, rows);
        }

        return true;
    }

    private bool PlanLocked()
    {
        var plan = _scheduler.Next();
        _batch.Clear();
        _wanted.Clear();
        for (var i = 0; i < plan.Count; i++)
        {
            // Not by enumerator: behind the interface it is a box for each step.
            var run = plan[i];
            _batch.Add(run.Sequence.Span(run.Position, run.Tokens), run.Position, run.Sequence.BlockTable(), wantsLogits: false);
            if (run.LogitRows > 0)
            {
                _wanted.Add((_generations[run.Sequence], _batch.LogitRows, run.LogitRows));
            }

            for (var token = _batch.Tokens - run.LogitRows; token < _batch.Tokens; token++)
            {
                _batch.WantLogits(token);
            }
        }

        return plan.Count > 0;
    }

    private void Choose(Generation generation, int row, int rows)
    {
        var sequence = generation.Sequence;
        var before = sequence.GeneratedTokens;
        for (var i = 0; i < rows && generation.FinishReason is null; i++)
        {
            var logits = _pass.LogitsOf(row + i);
            var sampled = generation.Known() is { } token
                ? Sampler.Read(logits, token, generation.Settings)
                : _sampler.Sample(logits, generation.Settings, generation.Counts, generation.Draw, sequence.GeneratedTokens, generation.Allowed());
            lock (_gate)
            {
                if (sequence.State == SequenceState.Ended)
                {
                    return;
                }

                if (sampled is not { } chosen)
                {
                    EndLocked(generation.Call);
                    generation.Call.Fail(generation.IsAtDeadEnd() ? ServingFaults.DeadEnd(sequence.Tokens.Count) : ServingFaults.NotFinite(sequence.Tokens.Count));
                    return;
                }

                generation.Take(chosen);
                if (generation.FinishReason is not null)
                {
                    _scheduler.End(sequence);
                    _generations.Remove(sequence);
                }
            }
        }

        var isOver = generation.FinishReason is not null;
        generation.Send();
        if (!isOver && generation.FinishReason is not null)
        {
            lock (_gate)
            {
                _scheduler.End(sequence);
                _generations.Remove(sequence);
            }
        }

        Measure(generation, before);
    }

    private void Measure(Generation generation, int before)
    {
        var sequence = generation.Sequence;
        var now = _time.GetTimestamp();
        var tokens = sequence.GeneratedTokens - before;
        var (sinceCall, sinceLast) = (_time.GetElapsedTime(generation.Call.StartedAt, now), _time.GetElapsedTime(generation.LastTokenAt, now));
        if (before == 0 && sequence.Leader is null)
        {
            _metrics.Prompt(sequence.PromptTokens);
        }

        for (var i = 0; i < tokens; i++)
        {
            // Tokens that come together share the time since the last step.
            var isFirst = before + i == 0;
            _metrics.Token(isFirst && sequence.Leader is null ? sinceCall : null, isFirst ? null : before == 0 ? TimeSpan.Zero : sinceLast / tokens);
        }

        generation.LastTokenAt = now;
        if (generation.FinishReason is { } reason)
        {
            _metrics.Ended(sinceCall, reason);
            generation.Call.FinishOne();
        }
    }

    private void FailAll(AnswerFault fault)
    {
        lock (_gate)
        {
            foreach (var call in _generations.Values.Select(g => g.Call).Distinct().ToList())
            {
                EndLocked(call);
                call.Fail(fault);
            }
        }
    }
}
