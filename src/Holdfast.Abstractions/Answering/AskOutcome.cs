namespace Holdfast.Abstractions.Answering;

/// <summary>A whole answer, or the fault that took its place.</summary>
public sealed record AskOutcome
{
    public required string RequestId { get; init; }

    public required string Model { get; init; }

    public string AnsweredBy { get; init; } = "";

    public string Text { get; init; } = "";

    public IReadOnlyList<Citation> Citations { get; init; } = [];

    public bool IsRefusal { get; init; }

    /// <summary>Passages that retrieval looked at.</summary>
    public int PassagesFound { get; init; }

    public long Microseconds { get; init; }

    public AnswerFault? Fault { get; init; }
}
