using Holdfast.Abstractions.Reading;
using Holdfast.Abstractions.Searching;
using Holdfast.Retrieval;
using Holdfast.Retrieval.Searching;
using Holdfast.Retrieval.Storing;
using Microsoft.Extensions.Time.Testing;

namespace Holdfast.Tests.Retrieval;

/// <summary>A store in a folder of its own, gone with the test.</summary>
internal sealed class TestStore : IDisposable
{
    public const string Collection = "handbook";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("holdfast-test-");

    public TestStore(RetrievalOptions? options = null)
    {
        Path = System.IO.Path.Combine(_folder.FullName, "documents.db");
        Store = new DocumentStore(Path, options ?? new RetrievalOptions(), Time);
        Retriever = new Retriever(Store, Time);
    }

    public string Path { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public DocumentStore Store { get; private set; }

    public Retriever Retriever { get; private set; }

    public static PutDocument Document(string path, string text, params (string Key, object Value)[] attributes) => new()
    {
        Path = path,
        Bytes = text.Length,
        ModifiedTicks = 17,
        ContentHash = $"hash of {path}",
        Text = PlainSplitter.Split(path, text, attributes),
    };

    public IReadOnlyList<IngestOutcome> Put(params StoreChange[] changes) => Store.Apply(Collection, changes);

    public Task<SearchResult> SearchAsync(string text, string? filter = null, int topK = 6) => Retriever.SearchAsync(
        new SearchQuery
        {
            Collection = Collection,
            Text = text,
            TopK = topK,
            Filter = filter is null ? null : System.Text.Json.JsonDocument.Parse(filter).RootElement,
        },
        TestContext.Current.CancellationToken);

    public void Reopen()
    {
        Store.Dispose();
        Store = new DocumentStore(Path, new RetrievalOptions(), Time);
        Retriever = new Retriever(Store, Time);
    }

    public void Dispose()
    {
        Store.Dispose();
        _folder.Delete(recursive: true);
    }
}
