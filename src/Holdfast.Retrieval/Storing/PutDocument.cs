using Holdfast.Abstractions.Reading;

namespace Holdfast.Retrieval.Storing;

/// <summary>Takes a document in, in place of the one with the same id.</summary>
public sealed record PutDocument : StoreChange
{
    /// <summary>Its id; null: the one that follows from collection and path.</summary>
    public string? Id { get; init; }

    /// <summary>Path relative to the folder, with <c>/</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Size of the file.</summary>
    public required long Bytes { get; init; }

    /// <summary>Last write of the file, in ticks of UTC; 0 when there is no file.</summary>
    public long ModifiedTicks { get; init; }

    /// <summary>SHA-256 of the file, in lower-case hex.</summary>
    public required string ContentHash { get; init; }

    public required DocumentText Text { get; init; }
}
