using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Reading;
using Holdfast.Abstractions.Recording;
using Holdfast.Abstractions.Searching;
using Holdfast.Abstractions.Status;

namespace Holdfast.Tests.Dashboard;

/// <summary>A small service in memory behind the seams that the pages read: three good documents, two quarantined, some requests.</summary>
internal sealed class HandbookRoom : IAsk, ITraceReader, IDocumentCatalogue, IServiceStatus, IRetriever
{
    public static readonly DateTimeOffset Now = new(2026, 11, 24, 3, 20, 14, TimeSpan.Zero);

    public const string Question = "How do I restart the pump service?";

    public List<DocumentContent> Documents { get; } = HandbookDocuments.All();

    public List<RequestTrace> Traces { get; } = HandbookTraces.All();

    public ServiceSnapshot Snapshot { get; set; } = HandbookStatus.Snapshot();

    /// <summary>What the next question is answered with; null for the usual answer.</summary>
    public AskOutcome? NextOutcome { get; set; }

    public List<(string Question, string? Model, string KeyName)> Asked { get; } = [];

    public IReadOnlyList<CollectionInfo> Collections => Snapshot.Collections;

    public Task<AskOutcome> AskAsync(string question, string? model, string keyName, CancellationToken cancellationToken)
    {
        Asked.Add((question, model, keyName));
        return Task.FromResult(NextOutcome ?? HandbookTraces.PumpOutcome(Documents));
    }

    public Task<IReadOnlyList<TraceRow>> ListAsync(int limit, string? before, CancellationToken cancellationToken)
    {
        var rows = Traces.OrderByDescending(trace => trace.At).AsEnumerable();
        if (before is not null)
        {
            rows = rows.SkipWhile(trace => trace.Id != before).Skip(1);
        }

        return Task.FromResult<IReadOnlyList<TraceRow>>([.. rows.Take(limit).Select(HandbookTraces.Row)]);
    }

    public Task<RequestTrace?> FindAsync(string requestId, CancellationToken cancellationToken) =>
        Task.FromResult(Traces.Find(trace => trace.Id == requestId));

    Task<IReadOnlyList<DocumentRow>> IDocumentCatalogue.ListAsync(DocumentFilter filter, CancellationToken cancellationToken)
    {
        var rows = Documents.Select(document => document.Row).OrderBy(row => row.Path, StringComparer.Ordinal).AsEnumerable();
        if (filter.After is not null)
        {
            rows = rows.SkipWhile(row => row.Id != filter.After).Skip(1);
        }

        return Task.FromResult<IReadOnlyList<DocumentRow>>([.. rows
            .Where(row => filter.Collection is null || row.Collection == filter.Collection)
            .Where(row => filter.IsQuarantined is null || row.Quarantine is not null == filter.IsQuarantined)
            .Take(filter.Limit)]);
    }

    Task<DocumentContent?> IDocumentCatalogue.FindAsync(string documentId, CancellationToken cancellationToken) =>
        Task.FromResult(Documents.Find(document => document.Row.Id == documentId));

    public ServiceSnapshot Take() => Snapshot;

    public Task<SearchResult> SearchAsync(SearchQuery query, CancellationToken cancellationToken) =>
        Task.FromResult(new SearchResult { Query = query.Text, Collection = query.Collection });
}
