namespace Holdfast.Retrieval.Storing;

/// <summary>Records a file that was refused, in place of the document with the same id: it is listed with its reason and never found.</summary>
public sealed record PutQuarantined : StoreChange
{
    /// <summary>Its id; null: the one that follows from collection and path.</summary>
    public string? Id { get; init; }

    /// <summary>Path relative to the folder, with <c>/</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Size of the file.</summary>
    public required long Bytes { get; init; }

    /// <summary>Last write of the file, in ticks of UTC; 0 when there is no file.</summary>
    public long ModifiedTicks { get; init; }

    /// <summary>SHA-256 of the file, in lower-case hex; empty when it could not be read.</summary>
    public required string ContentHash { get; init; }

    /// <summary>As found in the content, else <c>application/octet-stream</c>.</summary>
    public string MediaType { get; init; } = "application/octet-stream";

    /// <summary>Why, in one line.</summary>
    public required string Reason { get; init; }
}
