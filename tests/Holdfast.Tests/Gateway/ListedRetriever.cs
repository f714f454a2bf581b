using Holdfast.Abstractions.Searching;

namespace Holdfast.Tests.Gateway;

/// <summary>Finds the passages that a test lists, and keeps the query.</summary>
internal sealed class ListedRetriever(params Passage[] passages) : IRetriever
{
    public SearchQuery? LastQuery { get; private set; }

    public IReadOnlyList<CollectionInfo> Collections { get; } =
        [new CollectionInfo("handbook", DateTimeOffset.UnixEpoch, 2, 0, 2, 100)];

    public static Passage Restart { get; } = new()
    {
        DocumentId = "doc-1",
        Document = "restart.md",
        Title = "Restart",
        Heading = "Restarting",
        Start = 120,
        Length = 40,
        Text = "Close the valve, then press the button.",
        Score = .9,
    };

    public Task<SearchResult> SearchAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        LastQuery = query;
        return Task.FromResult(new SearchResult
        {
            Query = query.Text,
            Collection = query.Collection,
            Passages = passages,
            Answerable = new Answerability(passages.Length > 0 ? .8 : 0, passages.Length > 0 ? AnswerabilityVerdict.Yes : AnswerabilityVerdict.No),
        });
    }
}
