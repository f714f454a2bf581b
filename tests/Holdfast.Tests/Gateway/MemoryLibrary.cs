using System.Text;
using Holdfast.Abstractions.Reading;
using Holdfast.Abstractions.Searching;

namespace Holdfast.Tests.Gateway;

/// <summary>Collections in memory behind the three seams of documents; a passage is a whole file, a hit is a shared word.</summary>
internal sealed class MemoryLibrary : IIngest, IDocumentCatalogue, IRetriever
{
    private readonly SortedDictionary<string, DocumentContent> _documents = new(StringComparer.Ordinal);
    private readonly List<CollectionInfo> _collections = [];

    public IReadOnlyList<CollectionInfo> Collections => [.. _collections.Select(c => c with { Documents = _documents.Values.Count(d => d.Row.Collection == c.Name) })];

    public Task<IngestOutcome> AddAsync(IngestItem item, CancellationToken cancellationToken)
    {
        var text = Encoding.UTF8.GetString(item.Content.Span);
        var quarantine = text.Contains('\0', StringComparison.Ordinal) ? "binary" : null;
        _documents[item.DocumentId] = new DocumentContent(
            new DocumentRow
            {
                Id = item.DocumentId,
                Collection = item.Collection,
                Path = item.Name,
                Title = item.Name,
                MediaType = "text/plain",
                Bytes = item.Content.Length,
                Characters = text.Length,
                Passages = 1,
                ContentHash = "h",
                AddedAt = DateTimeOffset.UnixEpoch,
                Quarantine = quarantine,
                Attributes = item.Attributes,
            },
            text,
            [],
            [],
            [new PassageSpan(0, text.Length, null, null)]);
        return Task.FromResult(new IngestOutcome(item.DocumentId, 1, quarantine));
    }

    public Task<bool> RemoveAsync(string collection, string documentId, CancellationToken cancellationToken) => Task.FromResult(_documents.Remove(documentId));

    public Task<bool> CreateCollectionAsync(string collection, CancellationToken cancellationToken)
    {
        if (_collections.Any(c => c.Name == collection))
        {
            return Task.FromResult(false);
        }

        _collections.Add(new CollectionInfo(collection, DateTimeOffset.UnixEpoch, 0, 0, 0, 0));
        return Task.FromResult(true);
    }

    public Task<bool> RemoveCollectionAsync(string collection, CancellationToken cancellationToken) => Task.FromResult(_collections.RemoveAll(c => c.Name == collection) > 0);

    public Task<IReadOnlyList<DocumentRow>> ListAsync(DocumentFilter filter, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<DocumentRow>>(
        [.. _documents.Values.Select(d => d.Row)
            .Where(r => (filter.Collection is null || r.Collection == filter.Collection) && (filter.IsQuarantined is null || filter.IsQuarantined == r.Quarantine is not null))
            .Where(r => filter.After is null || string.CompareOrdinal(r.Id, filter.After) > 0)
            .Take(filter.Limit)]);

    public Task<DocumentContent?> FindAsync(string documentId, CancellationToken cancellationToken) => Task.FromResult(_documents.GetValueOrDefault(documentId));

    public Task<SearchResult> SearchAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        var words = query.Text.Split([' ', '\n', '?'], StringSplitOptions.RemoveEmptyEntries);
        var passages = _documents.Values
            .Where(d => d.Row.Collection == query.Collection && words.Any(w => d.Text.Contains(w, StringComparison.OrdinalIgnoreCase)))
            .Select(d => new Passage { DocumentId = d.Row.Id, Document = d.Row.Path, Title = d.Row.Title, Start = 0, Length = d.Text.Length, Text = d.Text, Score = .5, Attributes = d.Row.Attributes })
            .Take(query.TopK)
            .ToList();
        var fault = query.Filter is { } filter && !filter.TryGetProperty("key", out _) ? new SearchFault(false, "filters.key", "a filter needs a key") : null;
        return Task.FromResult(new SearchResult { Query = query.Text, Collection = query.Collection, Passages = fault is null ? passages : [], Fault = fault });
    }
}
