namespace Holdfast.Gateway.Upstreams;

/// <summary>
/// The four clocks of a call. One clock over the whole stream would end long answers (a peer's time-out fired in mid-stream),
/// and none at all waits for ever: no measured gateway ended a stall of 20 s.
/// </summary>
public sealed record UpstreamTimeouts
{
    /// <summary>From the first packet to an open connection.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From sending until the first content of a stream. vLLM sends its head at once and then queues, so the head says nothing.</summary>
    public TimeSpan FirstContent { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Between two reads once the answer has begun.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The whole call, retries included. The only clock before the first byte of an answer that does not stream.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.FromMinutes(30);

    internal IEnumerable<string> Faults(string at)
    {
        (string Name, TimeSpan Value)[] all = [("connect", Connect), ("firstContent", FirstContent), ("idle", Idle), ("total", Total)];
        foreach (var (name, value) in all)
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromHours(24))
            {
                yield return $"{at}.{name} is {value}; it must be above 0 and 24 hours at most";
            }
        }
    }
}
