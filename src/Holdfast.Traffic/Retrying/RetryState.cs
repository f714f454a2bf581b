namespace Holdfast.Traffic.Retrying;

/// <summary>What one request has behind it when an attempt fails.</summary>
/// <param name="Attempts">Attempts made, the failed one included.</param>
/// <param name="Replays">Times it was sent again after a replica ended while holding it.</param>
/// <param name="HasContent">Content has gone to the client: nothing may be sent twice.</param>
/// <param name="HasOtherReplica">A replica that this request has not tried can take it.</param>
/// <param name="TimeLeft">Time until the request's own deadline.</param>
public readonly record struct RetryState(int Attempts, int Replays, bool HasContent, bool HasOtherReplica, TimeSpan TimeLeft);
