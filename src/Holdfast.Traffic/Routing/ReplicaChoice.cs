namespace Holdfast.Traffic.Routing;

/// <summary>
/// Picks a replica: the least in flight among those that do not rest; where all rest, the one that rests the shortest,
/// because a rest is a guess and no answer at all is worse. Ties turn with <c>turn</c>, so that equal replicas share.
/// One pass, no allocation.
/// </summary>
public static class ReplicaChoice
{
    /// <returns>The index, or -1 when none is eligible.</returns>
    public static int Pick(ReadOnlySpan<ReplicaLoad> replicas, TimeSpan now, int turn)
    {
        var best = -1;
        for (var i = 0; i < replicas.Length; i++)
        {
            // The turn wraps around: taken by the count first, or the sum would skip replicas there.
            var at = (int)((((uint)turn % (uint)replicas.Length) + (uint)i) % (uint)replicas.Length);
            if (replicas[at].IsEligible && (best < 0 || IsBetter(replicas[at], replicas[best], now)))
            {
                best = at;
            }
        }

        return best;
    }

    private static bool IsBetter(in ReplicaLoad one, in ReplicaLoad other, TimeSpan now)
    {
        var oneRests = one.CoolUntil > now;
        var otherRests = other.CoolUntil > now;
        if (oneRests != otherRests)
        {
            return otherRests;
        }

        return oneRests ? one.CoolUntil < other.CoolUntil : one.InFlight < other.InFlight;
    }
}
