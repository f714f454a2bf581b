namespace Holdfast.Abstractions.Reading;

/// <summary>One document as listed.</summary>
public sealed record DocumentRow
{
    public required string Id { get; init; }

    public required string Collection { get; init; }

    /// <summary>Path relative to the folder, with <c>/</c>.</summary>
    public required string Path { get; init; }

    public required string Title { get; init; }

    public required string MediaType { get; init; }

    /// <summary>Size of the file.</summary>
    public required long Bytes { get; init; }

    /// <summary>UTF-16 units of the extracted text.</summary>
    public required int Characters { get; init; }

    public required int Passages { get; init; }

    /// <summary>SHA-256 of the file, in lower-case hex.</summary>
    public required string ContentHash { get; init; }

    public required DateTimeOffset AddedAt { get; init; }

    /// <summary>Why it was refused; null when it can be found.</summary>
    public string? Quarantine { get; init; }

    public IReadOnlyDictionary<string, object> Attributes { get; init; } = new Dictionary<string, object>();

    public IReadOnlyList<RuleCount> Cleaned { get; init; } = [];
}
