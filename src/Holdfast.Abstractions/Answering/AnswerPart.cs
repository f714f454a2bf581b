namespace Holdfast.Abstractions.Answering;

/// <summary>
/// One piece of an answer. A local backend fills the fields and the gateway writes the JSON; a pass-through upstream fills
/// <see cref="Raw"/>, which is forwarded as it is, and says in the other fields what it holds.
/// </summary>
public sealed record AnswerPart
{
    public int Choice { get; init; }

    /// <summary>The next piece of the answer's text.</summary>
    public string? Text { get; init; }

    /// <summary>The next piece of <c>reasoning_content</c>.</summary>
    public string? Reasoning { get; init; }

    public IReadOnlyList<Citation>? Citations { get; init; }

    public ToolCallDelta? ToolCall { get; init; }

    /// <summary>Those of this part's tokens, where the request asked.</summary>
    public PartLogprobs? Logprobs { get; init; }

    /// <summary><c>stop</c>, <c>length</c>, <c>tool_calls</c> or <c>content_filter</c>; set once per choice.</summary>
    public string? FinishReason { get; init; }

    public TokenUsage? Usage { get; init; }

    /// <summary>The answer says that nothing in the documents answers.</summary>
    public bool IsRefusal { get; init; }

    /// <summary>Set on the last part when the answer failed.</summary>
    public AnswerFault? Fault { get; init; }

    /// <summary>An upstream's own JSON: one frame of a stream, or the whole body of an answer that does not stream.</summary>
    public ReadOnlyMemory<byte> Raw { get; init; }

    /// <summary>True when the part holds content for the client: until the first one, a fault is a status and a retry is allowed.</summary>
    public bool HasContent { get; init; }
}
