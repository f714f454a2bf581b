namespace Holdfast.Abstractions.Recording;

/// <summary>One request in a list.</summary>
public sealed record TraceRow
{
    public required string Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Name of the key.</summary>
    public string? Key { get; init; }

    public required string Route { get; init; }

    public string? Model { get; init; }

    public string? AnsweredBy { get; init; }

    public required int Status { get; init; }

    /// <summary>From the first byte of the request to the last of the answer.</summary>
    public required long Microseconds { get; init; }

    /// <summary>To the first content; null when there was none.</summary>
    public long? TtftMicroseconds { get; init; }

    public int? PromptTokens { get; init; }

    public int? CompletionTokens { get; init; }

    /// <summary>One line when something is worth a look: the fault, the refusal, the warning.</summary>
    public string? Note { get; init; }
}
