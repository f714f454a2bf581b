namespace Holdfast.Traffic.Retrying;

/// <summary>
/// Whether a failed attempt is tried again. Pure: the caller brings the state, the budget and a number drawn in [0, 1).
/// A request that a replica held when it ended is sent again once at most: a prompt that killed one replica
/// (a real vLLM died of a seed with a long prompt) would kill the next one too.
/// </summary>
public sealed class RetryPolicy(RetryOptions options)
{
    /// <param name="fault">How the attempt ended.</param>
    /// <param name="retryAfter">What the replica asked to wait; only waited for when the same replica is tried again.</param>
    /// <param name="state">What the request has behind it.</param>
    /// <param name="budget">Asked last, so that a refusal for another reason costs nothing.</param>
    /// <param name="drawn">A random number in [0, 1) for the jitter.</param>
    public RetryVerdict Decide(AttemptFault fault, TimeSpan? retryAfter, RetryState state, RetryBudget budget, double drawn)
    {
        if (state.HasContent)
        {
            return RetryVerdict.No("content has been sent");
        }

        if (fault == AttemptFault.Final)
        {
            return RetryVerdict.No("the answer is final");
        }

        if (state.Attempts >= options.AttemptsMax)
        {
            return RetryVerdict.No($"{state.Attempts} attempts were made");
        }

        var isReplay = fault is AttemptFault.DiedInFlight or AttemptFault.StaleConnection;
        if (isReplay && state.Replays >= 1)
        {
            return RetryVerdict.No("a request is replayed once at most");
        }

        var isSame = !state.HasOtherReplica;
        if (isSame && fault != AttemptFault.StaleConnection)
        {
            return RetryVerdict.No("no other replica");
        }

        var delay = fault == AttemptFault.StaleConnection ? TimeSpan.Zero : Delay(state.Attempts, drawn);
        if (isSame && retryAfter > delay)
        {
            delay = retryAfter.Value;
        }

        if (delay >= state.TimeLeft)
        {
            return RetryVerdict.No("no time is left");
        }

        return budget.TryTake()
            ? new RetryVerdict(true, delay, isSame, isReplay, "tried again")
            : RetryVerdict.No("the retry budget is spent");
    }

    // Full jitter: anything between nothing and the upper end, so that a herd does not come back as one.
    private TimeSpan Delay(int attempts, double drawn)
    {
        var end = options.DelayFirst.TotalMilliseconds * Math.Pow(2, attempts - 1);
        return TimeSpan.FromMilliseconds(Math.Min(end, options.DelayMax.TotalMilliseconds) * drawn);
    }
}
