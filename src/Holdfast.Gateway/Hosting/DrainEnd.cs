using Microsoft.Extensions.Hosting;

namespace Holdfast.Gateway.Hosting;

/// <summary>The end of the time that open answers get after a signal to stop: what is not over then is told so, where the server would only reset the connection.</summary>
internal sealed class DrainEnd : IDisposable
{
    private readonly CancellationTokenSource _end;
    private readonly CancellationTokenRegistration _stopping;

    public DrainEnd(IHostApplicationLifetime lifetime, TimeSpan drainTime, TimeProvider clock)
    {
        Time = drainTime;
        _end = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        _stopping = lifetime.ApplicationStopping.Register(() => _end.CancelAfter(drainTime));
    }

    public TimeSpan Time { get; }

    public CancellationToken Token => _end.Token;

    public void Dispose()
    {
        _stopping.Dispose();
        _end.Dispose();
    }
}
