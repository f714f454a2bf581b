namespace Holdfast.Abstractions.Recording;

/// <summary>Everything about one request; the shape of <c>/admin/requests/{id}</c>.</summary>
public sealed record RequestTrace
{
    public required string Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public string? Key { get; init; }

    public required string Route { get; init; }

    /// <summary>The name the client asked for.</summary>
    public string? Model { get; init; }

    public string? AnsweredBy { get; init; }

    public string? Upstream { get; init; }

    public required int Status { get; init; }

    /// <summary>The client's own <c>x-request-id</c>.</summary>
    public string? ClientRequestId { get; init; }

    public required long Microseconds { get; init; }

    public long? TtftMicroseconds { get; init; }

    public required IReadOnlyList<TraceStage> Stages { get; init; }

    /// <summary>The retrieval query.</summary>
    public string? Query { get; init; }

    public IReadOnlyList<TracePassage> Passages { get; init; } = [];

    public TracePrompt? Prompt { get; init; }

    public required TraceMessage Received { get; init; }

    public TraceMessage? Sent { get; init; }

    public TraceMessage? Answer { get; init; }

    public TraceUsage? Usage { get; init; }

    public IReadOnlyList<TraceShortening> Shortenings { get; init; } = [];

    /// <summary>Named edits to the client's bytes on the way upstream.</summary>
    public IReadOnlyList<string> Edits { get; init; } = [];

    public IReadOnlyList<string> Warnings { get; init; } = [];
}
