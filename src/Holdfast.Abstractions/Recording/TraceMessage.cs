namespace Holdfast.Abstractions.Recording;

/// <summary>Bytes that went over a wire, secrets masked.</summary>
public sealed record TraceMessage
{
    /// <summary>Method and address, where one was chosen.</summary>
    public string? Url { get; init; }

    public int? Status { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The body as text where it is UTF-8, else base64.</summary>
    public string? Body { get; init; }

    /// <summary><c>base64</c> when <see cref="Body"/> is.</summary>
    public string? BodyEncoding { get; init; }

    /// <summary>Size on the wire.</summary>
    public long BodyBytes { get; init; }
}
