using Holdfast.Abstractions.Reading;

namespace Holdfast.Documents.Reading;

/// <summary>One file on its way through a reader.</summary>
internal sealed record ReadJob
{
    /// <summary>File name or relative path; a hint for the format and the last resort for a title.</summary>
    public required string Name { get; init; }

    public required ReadOnlyMemory<byte> Content { get; init; }

    public required DocumentOptions Options { get; init; }

    /// <summary>The content as text, for the formats that are text.</summary>
    public string Text { get; init; } = "";

    /// <summary>What decoding had to repair.</summary>
    public RuleCount? DecodingCount { get; init; }

    /// <summary>Ends at the deadline of the document.</summary>
    public required CancellationToken CancellationToken { get; init; }

    /// <summary>The name's extension in lower case, with the dot; empty without one.</summary>
    public string Extension => Path.GetExtension(Name).ToLowerInvariant();
}
