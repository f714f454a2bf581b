namespace Holdfast.Retrieval.Ranking;

/// <summary>A passage that the index found, with what the second ranking needs.</summary>
internal sealed record Candidate
{
    public required long Number { get; init; }

    public required long Document { get; init; }

    public required string DocumentId { get; init; }

    public required string Path { get; init; }

    public required string Title { get; init; }

    public required string? Heading { get; init; }

    public required int? Page { get; init; }

    public required int Start { get; init; }

    public required int Words { get; init; }

    public required string Text { get; init; }
}
