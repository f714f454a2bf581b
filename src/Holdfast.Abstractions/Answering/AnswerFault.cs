namespace Holdfast.Abstractions.Answering;

/// <summary>Why an answer failed, in the terms of the HTTP answer it becomes.</summary>
public sealed record AnswerFault
{
    /// <summary>HTTP status for the client, when no content has been sent yet.</summary>
    public required int Status { get; init; }

    /// <summary>Says what happened, where, and what to do.</summary>
    public required string Message { get; init; }

    /// <summary>OpenAI's <c>type</c>, such as <c>invalid_request_error</c> or <c>upstream_error</c>.</summary>
    public required string Type { get; init; }

    /// <summary>OpenAI's <c>code</c>, such as <c>upstream_fault</c>, <c>upstream_timeout</c>, <c>unsupported_parameter</c>.</summary>
    public required string Code { get; init; }

    /// <summary>The request's member that is at fault.</summary>
    public string? Param { get; init; }

    /// <summary>When trying again makes sense.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The upstream's own error body, forwarded as it is when not empty.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Headers of the upstream that the client needs, such as <c>Retry-After</c> with its own spelling.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
}
