namespace Holdfast.Traffic.Retrying;

/// <summary>Try again after <paramref name="Delay"/>, or not and why.</summary>
/// <param name="Retries">True: try again.</param>
/// <param name="Delay">Time to wait first.</param>
/// <param name="SameReplica">True: the same replica may take it again.</param>
/// <param name="IsReplay">True: this counts as sending again what a replica held when it ended.</param>
/// <param name="Reason">Why, for the trace.</param>
public readonly record struct RetryVerdict(bool Retries, TimeSpan Delay, bool SameReplica, bool IsReplay, string Reason)
{
    internal static RetryVerdict No(string reason) => new(false, TimeSpan.Zero, false, false, reason);
}
