namespace Holdfast.Hosting;

/// <summary>
/// Gives memory back when work has ended: the collector keeps what a burst of requests needed until the next burst, which on a laptop or a
/// small node is memory that others miss. Quiet is read from the allocation rate, so that no room has to report.
/// </summary>
internal sealed class IdleTrim(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // An idle server allocates some kilobytes a second (timers, the folder's rescan); one request allocates more.
    private const long QuietBytesPerInterval = 512 << 10;

    // Below this a collection would give back less than it costs.
    private const long WorthBytes = 4 << 20;

    public static void Trim() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        var before = GC.GetTotalAllocatedBytes();
        var trimmed = 0L;
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                var now = GC.GetTotalAllocatedBytes();
                if (now - before < QuietBytesPerInterval && now - trimmed > WorthBytes)
                {
                    Trim();
                    trimmed = now;
                }

                before = now;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }
}
