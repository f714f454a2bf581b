namespace Holdfast.Traffic.Admission;

/// <summary>
/// At most <c>max</c> requests at a time. Holds: <c>InFlight</c> = leases taken and not returned, and never exceeds <c>max</c>.
/// At the bound it refuses at once; waiting belongs to a queue with a deadline.
/// </summary>
public sealed class InFlightLimit
{
    private int _inFlight;

    public InFlightLimit(int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        Max = max;
    }

    public int Max { get; }

    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>A lease to dispose when the request ends, or null when the bound is reached.</summary>
    public InFlightLease? TryTake()
    {
        var seen = Volatile.Read(ref _inFlight);
        while (seen < Max)
        {
            var before = Interlocked.CompareExchange(ref _inFlight, seen + 1, seen);
            if (before == seen)
            {
                return new InFlightLease(this);
            }

            seen = before;
        }

        return null;
    }

    internal void Return() => Interlocked.Decrement(ref _inFlight);
}
