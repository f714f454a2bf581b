using System.Security.Cryptography;
using Holdfast.Abstractions.Reading;
using Holdfast.Documents;
using Holdfast.Retrieval.Storing;

namespace Holdfast.Ingesting;

/// <summary>Documents that come over HTTP go the way that files of a folder go.</summary>
internal sealed class HttpIngest(DocumentReader reader, DocumentStore store) : IIngest
{
    public Task<IngestOutcome> AddAsync(IngestItem item, CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(item.Content.Span));
        var outcome = reader.RefuseBySize(item.Name, item.Content.Length) ?? reader.Read(item.Name, item.Content, cancellationToken);
        StoreChange change = outcome.Document is { } document
            ? new PutDocument { Id = item.DocumentId, Path = item.Name, Bytes = item.Content.Length, ContentHash = hash, Text = document with { Attributes = Merge(document, item) } }
            : new PutQuarantined { Id = item.DocumentId, Path = item.Name, Bytes = item.Content.Length, ContentHash = hash, Reason = outcome.Quarantine ?? "" };
        // The store has the last word: it refuses a document with more passages than its bound.
        return Task.FromResult(store.Apply(item.Collection, [change])[0]);
    }

    public async Task<bool> RemoveAsync(string collection, string documentId, CancellationToken cancellationToken)
    {
        var row = await store.FindAsync(documentId, cancellationToken);
        if (row?.Row.Collection != collection)
        {
            return false;
        }

        store.Apply(collection, [new RemoveDocument(documentId)]);
        return true;
    }

    public Task<bool> CreateCollectionAsync(string collection, CancellationToken cancellationToken) => Task.FromResult(store.CreateCollection(collection));

    public Task<bool> RemoveCollectionAsync(string collection, CancellationToken cancellationToken) => Task.FromResult(store.RemoveCollection(collection));

    private static Dictionary<string, object> Merge(DocumentText document, IngestItem item)
    {
        Dictionary<string, object> merged = new(document.Attributes);
        foreach (var (key, value) in item.Attributes)
        {
            merged[key] = value;
        }

        return merged;
    }
}
