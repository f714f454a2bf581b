namespace Holdfast.Traffic.Routing;

/// <summary>
/// When a replica rests after faults: 0.5 s after the first, doubling to 30 s, or as long as it asked for (a minute at most).
/// One good answer clears it. Owner: whoever holds it; it takes no lock of its own.
/// </summary>
public sealed class ReplicaHealth
{
    private static readonly TimeSpan RestFirst = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan RestMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AskedMax = TimeSpan.FromSeconds(60);

    /// <summary>Faults since the last good answer.</summary>
    public int Faults { get; private set; }

    public TimeSpan CoolUntil { get; private set; }

    public void Failed(TimeSpan now, TimeSpan? retryAfter)
    {
        Faults = Math.Min(Faults + 1, 32);
        var rest = RestFirst * Math.Pow(2, Faults - 1);
        rest = rest > RestMax ? RestMax : rest;
        if (retryAfter > rest)
        {
            rest = retryAfter.Value > AskedMax ? AskedMax : retryAfter.Value;
        }

        // A second, longer wish extends a rest that runs; a shorter one does not end it.
        CoolUntil = CoolUntil > now + rest ? CoolUntil : now + rest;
    }

    public void Answered()
    {
        Faults = 0;
        CoolUntil = TimeSpan.Zero;
    }
}
