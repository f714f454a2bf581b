namespace Holdfast.Abstractions.Status;

/// <summary>An upstream as the gateway sees it. <paramref name="LastFault"/> is null when the last call went well.</summary>
public sealed record UpstreamState(string Name, string Url, bool IsReachable, int InFlight, string? LastFault, DateTimeOffset? LastFaultAt);
