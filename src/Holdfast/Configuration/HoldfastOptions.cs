using Holdfast.Dashboard;
using Holdfast.Documents;
using Holdfast.Engine.Embedding;
using Holdfast.Engine.Serving;
using Holdfast.Gateway.Options;
using Holdfast.Gateway.Upstreams;
using Holdfast.Retrieval;

namespace Holdfast.Configuration;

/// <summary>The whole configuration: one section a room, as in <c>holdfast.yaml</c>.</summary>
internal sealed record HoldfastOptions
{
    /// <summary>Host and port to listen on. Anything but a loopback address is reachable from outside.</summary>
    public string Listen { get; init; } = "127.0.0.1:8080";

    /// <summary>Folder of everything that is kept: index, traces, keys. One process owns it.</summary>
    public string Data { get; init; } = ".holdfast";

    /// <summary>Time that answers get to end after SIGTERM or Ctrl-C; then they end with the error <c>server_stopping</c>.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The folders to keep in collections.</summary>
    public IReadOnlyList<CollectionOptions> Collections { get; init; } = [];

    public IngestOptions Ingest { get; init; } = new();

    public DocumentOptions Documents { get; init; } = new();

    public RetrievalOptions Retrieval { get; init; } = new();

    public GatewayOptions Gateway { get; init; } = new();

    /// <summary>A language model to run in this process: path of a GGUF file, or the name of one in <c>--models</c>, <c>HOLDFAST_MODELS</c>, <c>./models</c> or the user's cache; empty: none.</summary>
    public string Model { get; init; } = "";

    public EngineOptions Engine { get; init; } = new();

    public EmbeddingOptions Embedding { get; init; } = new();

    /// <summary>The pages of the console.</summary>
    public DashboardOptions Console { get; init; } = new();

    /// <summary>The servers that generate: vLLM, llama.cpp server, Ollama, any OpenAI-compatible address.</summary>
    public IReadOnlyList<UpstreamOptions> Upstreams { get; init; } = [];

    /// <summary>Every fault of every section, in the file's words.</summary>
    public IReadOnlyList<string> Faults()
    {
        List<string> faults = [.. Ingest.Faults(), .. Documents.Faults(), .. Retrieval.Faults(), .. Gateway.Faults(), .. Engine.Faults(), .. Embedding.Faults(), .. Console.Faults(), .. Upstreams.SelectMany((upstream, i) => upstream.Faults($"upstreams[{i}]"))];
        if (!ListenAddress.TryParse(Listen, out _))
        {
            faults.Add($"listen is {Listen}; it must be HOST:PORT with a port in 0..65535, such as 127.0.0.1:8080");
        }

        if (Data.Length == 0)
        {
            faults.Add("data is empty; it must name a folder");
        }

        foreach (var (collection, i) in Collections.Select((collection, i) => (collection, i)))
        {
            if (collection.Name.Length > 0 && !CollectionName.IsValid(collection.Name))
            {
                faults.Add($"collections[{i}].name is {collection.Name}; it must be 1 to 64 of a-z, 0-9 and -");
            }
        }

        return faults;
    }
}
