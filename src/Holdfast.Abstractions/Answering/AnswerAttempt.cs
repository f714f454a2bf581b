namespace Holdfast.Abstractions.Answering;

/// <summary>One request that a backend sent on for a call, for its trace. A retry is a second attempt.</summary>
public sealed record AnswerAttempt
{
    /// <summary>Where it went.</summary>
    public required string Url { get; init; }

    /// <summary>Headers as sent; the value of <c>Authorization</c> is masked.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>The bytes sent.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Why it was sent again: the fault of the attempt before. Null for the first one.</summary>
    public string? Reason { get; init; }
}
