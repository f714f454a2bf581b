using Holdfast.Abstractions.Answering;

namespace Holdfast.Gateway.Wire;

/// <summary>A call as data, with the places in its bytes that an edit may touch.</summary>
internal sealed record ParsedCall
{
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The name the client asked for.</summary>
    public required string Model { get; init; }

    public required ChatRequest Request { get; init; }

    public required RetrievalWish Wish { get; init; }

    /// <summary>Members of the request object, in order.</summary>
    public required List<MemberSpan> Members { get; init; }

    /// <summary>Where the last user message starts in the body; -1 when there is none.</summary>
    public int LastUserAt { get; init; } = -1;

    /// <summary>Where the last user message stands among the messages; -1 when there is none.</summary>
    public int LastUserIndex { get; init; } = -1;

    /// <summary>True when the prompts or inputs are token numbers, which only an upstream can take.</summary>
    public bool HasTokenInputs { get; init; }

    /// <summary>True when the request lets the upstream cut the prompt: <c>truncate_prompt_tokens</c> and its like.</summary>
    public bool AsksForTruncation { get; init; }

    /// <summary><c>encoding_format</c> of an embedding call.</summary>
    public string? EncodingFormat { get; init; }

    /// <summary><c>dimensions</c> of an embedding call.</summary>
    public int? Dimensions { get; init; }
}
