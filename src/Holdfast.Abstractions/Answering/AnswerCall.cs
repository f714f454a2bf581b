using Holdfast.Abstractions.Searching;

namespace Holdfast.Abstractions.Answering;

/// <summary>One call to a backend, after the prompt was rendered and counted.</summary>
public sealed record AnswerCall
{
    /// <summary>Our id of the request, as in <c>x-holdfast-request-id</c>.</summary>
    public required string RequestId { get; init; }

    public required CallKind Kind { get; init; }

    /// <summary>The backend's own name of the model, without <c>@collection</c>.</summary>
    public required string Model { get; init; }

    /// <summary>The request as data, with the retrieval message in place.</summary>
    public required ChatRequest Request { get; init; }

    /// <summary>The bytes to send to a pass-through upstream: the client's own, but for the named edits.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>What retrieval found, when it ran.</summary>
    public SearchResult? Retrieved { get; init; }

    /// <summary>Told of each request that the backend sends on, before it is sent. Null: nobody asks.</summary>
    public Action<AnswerAttempt>? OnAttempt { get; init; }
}
