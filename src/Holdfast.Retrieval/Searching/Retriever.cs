using Holdfast.Abstractions.Searching;
using Holdfast.Retrieval.Filtering;
using Holdfast.Retrieval.Ranking;
using Holdfast.Retrieval.Storing;

namespace Holdfast.Retrieval.Searching;

/// <summary>Searches the collections of a <see cref="DocumentStore"/> by words.</summary>
public sealed class Retriever(DocumentStore store, TimeProvider time) : IRetriever
{
    private const int TopKMax = 100;

    // $1 is the MATCH expression, $2 the collection.
    private const int FilterParameterFirst = 3;

    private readonly Ranker _ranker = new(store.Options, RankWeights.Default);

    /// <inheritdoc/>
    public IReadOnlyList<CollectionInfo> Collections => store.Collections;

    /// <inheritdoc/>
    public Task<SearchResult> SearchAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var fault = Unusable(query, out var filter);
        return fault is null
            ? store.ReadAsync(connection => Search(connection, query, filter, started), cancellationToken)
            : Task.FromResult(new SearchResult { Query = query.Text, Collection = query.Collection, Fault = fault });
    }

    private SearchResult Search(StoreConnection connection, SearchQuery query, CompiledFilter? filter, long started)
    {
        if (CandidateQuery.Collection(connection, query.Collection) is not { } collection)
        {
            return new SearchResult { Query = query.Text, Collection = query.Collection, Fault = Unknown(query.Collection) };
        }

        var ranked = _ranker.Rank(connection, collection, query.Text, filter, query.TopK);
        var passages = new List<Passage>(ranked.Passages.Count);
        foreach (var passage in ranked.Passages)
        {
            passages.Add(ToPassage(connection, passage));
        }

        return new SearchResult
        {
            Query = query.Text,
            Collection = query.Collection,
            Passages = passages,
            Answerable = ranked.Answerable,
            Explain = new SearchExplanation(ranked.Plan, ranked.Matches, (long)time.GetElapsedTime(started).TotalMicroseconds),
        };
    }

    private SearchFault? Unusable(SearchQuery query, out CompiledFilter? filter)
    {
        filter = null;
        if (query.TopK is < 1 or > TopKMax)
        {
            return new SearchFault(IsUnknownCollection: false, "topK", FormattableString.Invariant($"topK is {query.TopK}; it must lie in [1, {TopKMax}]"));
        }

        if (query.Filter is not { } json)
        {
            return null;
        }

        filter = FilterCompiler.Compile(json, store.Options, FilterParameterFirst, out var fault);
        return fault;
    }

    private SearchFault Unknown(string collection)
    {
        var known = store.Collections.Select(info => info.Name).ToArray();
        var says = known.Length == 0 ? "there are no collections yet" : $"known are {string.Join(", ", known.Take(20))}";
        return new SearchFault(IsUnknownCollection: true, "collection", $"there is no collection '{collection}'; {says}");
    }

    private static Passage ToPassage(StoreConnection connection, RankedPassage ranked) => new()
    {
        DocumentId = ranked.Candidate.DocumentId,
        Document = ranked.Candidate.Path,
        Title = ranked.Candidate.Title,
        Heading = ranked.Candidate.Heading,
        Page = ranked.Candidate.Page,
        Start = ranked.Candidate.Start,
        Length = ranked.Candidate.Text.Length,
        Text = ranked.Candidate.Text,
        Score = ranked.Score,
        LexicalRank = ranked.LexicalRank,
        Attributes = CatalogueQueries.Attributes(connection, ranked.Candidate.DocumentId),
    };
}
