namespace Holdfast.Abstractions.Searching;

/// <summary>A found passage. Offsets are UTF-16 units in the document's extracted text.</summary>
public sealed record Passage
{
    /// <summary>Id of the document, as in <c>/documents/{id}</c> and <c>/v1/files/{id}</c>.</summary>
    public required string DocumentId { get; init; }

    /// <summary>Path relative to the folder, with <c>/</c>.</summary>
    public required string Document { get; init; }

    public required string Title { get; init; }

    public string? Heading { get; init; }

    /// <summary>Page of a paged document, from 1.</summary>
    public int? Page { get; init; }

    public required int Start { get; init; }

    public required int Length { get; init; }

    public required string Text { get; init; }

    /// <summary>0 to 1, comparable within one result only.</summary>
    public required double Score { get; init; }

    /// <summary>Rank in the lexical half, from 1.</summary>
    public int? LexicalRank { get; init; }

    /// <summary>Rank in the vector half, from 1.</summary>
    public int? VectorRank { get; init; }

    /// <summary>Typed metadata of the document: strings, numbers, booleans.</summary>
    public IReadOnlyDictionary<string, object> Attributes { get; init; } = new Dictionary<string, object>();
}
