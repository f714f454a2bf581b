namespace Holdfast.Abstractions.Reading;

/// <summary>Takes documents in over HTTP: the same way that files of the folder go.</summary>
public interface IIngest
{
    /// <summary>Reads, cleans, cuts and indexes one document. A document that cannot be read is quarantined, with the reason in the outcome.</summary>
    Task<IngestOutcome> AddAsync(IngestItem item, CancellationToken cancellationToken);

    /// <summary>Takes a document and its passages out of the index; false when there was none.</summary>
    Task<bool> RemoveAsync(string collection, string documentId, CancellationToken cancellationToken);

    /// <summary>Makes an empty collection; false when it exists.</summary>
    Task<bool> CreateCollectionAsync(string collection, CancellationToken cancellationToken);

    /// <summary>Removes a collection with all it holds; false when there was none.</summary>
    Task<bool> RemoveCollectionAsync(string collection, CancellationToken cancellationToken);
}
