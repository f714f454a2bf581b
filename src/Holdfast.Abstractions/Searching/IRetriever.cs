namespace Holdfast.Abstractions.Searching;

/// <summary>Finds passages. Collections are named in lower case, <c>[a-z0-9-]</c>.</summary>
public interface IRetriever
{
    /// <summary>All collections, by name. Cheap: called on the request path.</summary>
    IReadOnlyList<CollectionInfo> Collections { get; }

    /// <summary>Finds the best passages; an unusable filter or an unknown collection is a <see cref="SearchFault"/> in the result.</summary>
    Task<SearchResult> SearchAsync(SearchQuery query, CancellationToken cancellationToken);
}
