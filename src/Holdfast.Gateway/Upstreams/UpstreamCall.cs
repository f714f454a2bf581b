using System.Runtime.CompilerServices;
using Holdfast.Abstractions.Answering;
using Holdfast.Traffic.Retrying;

namespace Holdfast.Gateway.Upstreams;

/// <summary>One call through an upstream: attempts until one brings content or the verdict is to stop.</summary>
internal sealed class UpstreamCall(UpstreamPool pool, AnswerCall call, CancellationToken cancellationToken) : IDisposable
{
    private readonly long _started = pool.Time.GetTimestamp();
    private readonly HashSet<UpstreamReplica> _tried = [];
    private UpstreamReplica? _replica;
    private CallClock? _clock;
    private UpstreamAttempt? _attempt;
    private int _attempts;
    private int _replays;

    public IReadOnlyList<AnswerPart> Held => _attempt?.Held ?? [];

    public UpstreamFault? Fault => _attempt is null ? NoReplica : _attempt.Fault;

    private static UpstreamFault NoReplica { get; } = UpstreamFault.Broken("no replica of the upstream serves this model");

    private TimeSpan TimeLeft => pool.Options.Timeouts.Total - pool.Time.GetElapsedTime(_started);

    public async ValueTask OpenAsync()
    {
        pool.Budget.CountRequest();
        string? reason = null;
        var body = pool.Body(call);
        while (pool.Choose(call.Model, _tried, reason is not null) is { } replica)
        {
            Enter(replica);
            using (var request = pool.Request(replica, call, body, reason))
            {
                await _attempt!.OpenAsync(request, cancellationToken);
            }

            if (_attempt.Fault is not { } fault)
            {
                replica.Answered();
                return;
            }

            pool.Note(replica, fault);
            var verdict = Decide(fault);
            if (!verdict.Retries)
            {
                return;
            }

            reason = fault.Answer.Message;
            _replays += verdict.IsReplay ? 1 : 0;
            if (verdict.SameReplica)
            {
                _tried.Remove(replica);
            }

            if (verdict.Delay > TimeSpan.Zero)
            {
                await Task.Delay(verdict.Delay, pool.Time, cancellationToken);
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AnswerPart?> NextAsync()
    {
        var part = await _attempt!.NextAsync(cancellationToken);
        if (part is null && _attempt.Fault is { } fault)
        {
            pool.Note(_replica!, fault);
        }

        return part;
    }

    public void Dispose()
    {
        _attempt?.Dispose();
        _clock?.Dispose();
        _replica?.Leave();
        _replica = null;
    }

    private void Enter(UpstreamReplica replica)
    {
        Dispose();
        _replica = replica;
        replica.Enter();
        _tried.Add(replica);
        _attempts++;
        _clock = new CallClock(pool.Time, pool.Options.Timeouts, call.Request.IsStream, TimeLeft, cancellationToken);
        _attempt = new UpstreamAttempt(replica, pool.Options, call, _clock, pool.Time);
    }

    private RetryVerdict Decide(UpstreamFault fault)
    {
        var state = new RetryState(_attempts, _replays, HasContent: false, pool.HasOther(call.Model, _tried), TimeLeft);
        return pool.Retry.Decide(fault.Class, fault.Answer.RetryAfter, state, pool.Budget, pool.Draw());
    }
}
