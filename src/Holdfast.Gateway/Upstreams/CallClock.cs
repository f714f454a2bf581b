namespace Holdfast.Gateway.Upstreams;

/// <summary>
/// Ends an attempt when one of its clocks runs out. One timer an attempt; a read costs one look at the clock, because the timer
/// is not set again for each read but looks, when it fires, whether the idle time has really passed.
/// </summary>
internal sealed class CallClock : IDisposable
{
    private readonly CancellationTokenSource _ended;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly long _started;
    private readonly TimeSpan _firstContent;
    private readonly TimeSpan _idle;
    private readonly TimeSpan _totalLeft;
    private long _lastRead;
    private volatile bool _hasBegun;
    private volatile string? _reason;

    public CallClock(TimeProvider time, UpstreamTimeouts timeouts, bool isStream, TimeSpan totalLeft, CancellationToken cancellationToken)
    {
        _time = time;
        _started = _lastRead = time.GetTimestamp();
        _firstContent = isStream && timeouts.FirstContent < totalLeft ? timeouts.FirstContent : totalLeft;
        _idle = timeouts.Idle;
        _totalLeft = totalLeft;
        _ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _timer = time.CreateTimer(static state => ((CallClock)state!).Look(), this, Positive(_firstContent), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled when the client left or a clock ran out.</summary>
    public CancellationToken Token => _ended.Token;

    /// <summary>Which clock ran out, in words; null when none did.</summary>
    public string? Reason => _reason;

    public TimeSpan Elapsed => _time.GetElapsedTime(_started);

    /// <summary>The answer has begun: the idle clock takes over.</summary>
    public void Begin()
    {
        Volatile.Write(ref _lastRead, _time.GetTimestamp());
        if (!_hasBegun)
        {
            _hasBegun = true;
            _timer.Change(Positive(Least(_idle, _totalLeft - Elapsed)), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Bytes came.</summary>
    public void Touch() => Volatile.Write(ref _lastRead, _time.GetTimestamp());

    public void Dispose()
    {
        _timer.Dispose();
        _ended.Dispose();
    }

    private void Look()
    {
        var totalLeft = _totalLeft - Elapsed;
        if (totalLeft <= TimeSpan.Zero)
        {
            End($"the answer was not whole after {_totalLeft.TotalSeconds:0.###} s (upstreams[].timeouts.total)");
        }
        else if (!_hasBegun)
        {
            End($"no content came within {_firstContent.TotalSeconds:0.###} s (upstreams[].timeouts.firstContent)");
        }
        else
        {
            var idleLeft = _idle - _time.GetElapsedTime(Volatile.Read(ref _lastRead));
            if (idleLeft <= TimeSpan.Zero)
            {
                End($"nothing came for {_idle.TotalSeconds:0.###} s in the middle of the answer (upstreams[].timeouts.idle)");
            }
            else
            {
                _timer.Change(Positive(Least(idleLeft, totalLeft)), Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void End(string reason)
    {
        _reason = reason;
        try
        {
            _ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call ended while the timer fired: there is nothing left to end.
            _reason = null;
        }
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Positive(TimeSpan time) => time > TimeSpan.FromMilliseconds(1) ? time : TimeSpan.FromMilliseconds(1);
}
