using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Searching;

namespace Holdfast.Abstractions.Status;

/// <summary>One look at the service.</summary>
public sealed record ServiceSnapshot
{
    public required DateTimeOffset At { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required string Version { get; init; }

    /// <summary>Null when ready, else the reason why not.</summary>
    public string? NotReady { get; init; }

    public required string DefaultModel { get; init; }

    /// <summary>Base address of the API, such as <c>http://127.0.0.1:8080/v1</c>.</summary>
    public required string BaseUrl { get; init; }

    public required int InFlight { get; init; }

    /// <summary>The bound of <see cref="InFlight"/>; past it the answer is 503.</summary>
    public required int InFlightMax { get; init; }

    public required long ResidentBytes { get; init; }

    /// <summary>Each bounded part: name, bytes used, bytes at most.</summary>
    public IReadOnlyList<MemoryPart> Memory { get; init; } = [];

    public IReadOnlyList<UpstreamState> Upstreams { get; init; } = [];

    public IReadOnlyList<CollectionInfo> Collections { get; init; } = [];

    public IReadOnlyList<ServedModel> Models { get; init; } = [];

    /// <summary>The last quarter of an hour in steps, oldest first.</summary>
    public IReadOnlyList<TrafficStep> Traffic { get; init; } = [];
}
