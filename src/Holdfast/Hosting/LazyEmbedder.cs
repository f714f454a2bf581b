using Holdfast.Abstractions.Counting;
using Holdfast.Engine.Embedding;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Kernels;

namespace Holdfast.Hosting;

/// <summary>
/// An encoder whose weights are read when the first text comes, so that a server that never embeds stays small: the shipped one's 25 MB are
/// 46 MiB when laid out for the processor. What the list of models shows of it stands in the head of the file.
/// </summary>
internal sealed class LazyEmbedder(string path, EmbeddingOptions options, ComputeGate gate) : IEmbedder, IDisposable
{
    private readonly Lazy<EmbeddingEngine> _engine = new(() => EmbeddingEngine.Load(path, options, gate));
    private readonly Lazy<(int Dimensions, int TokensMax)> _shape = new(() => EmbeddingEngine.Inspect(path));

    public string Model { get; } = options.Name.Length > 0 ? options.Name : ModelName.Of(path);

    /// <summary>The weights are in memory.</summary>
    public bool IsLoaded => _engine.IsValueCreated;

    public int Dimensions => _shape.Value.Dimensions;

    public int TokensMax => _shape.Value.TokensMax;

    public Task<EmbeddingBatch> EmbedAsync(IReadOnlyList<string> texts, bool isBackground, CancellationToken cancellationToken) =>
        _engine.Value.EmbedAsync(texts, isBackground, cancellationToken);

    public void Dispose()
    {
        if (_engine.IsValueCreated)
        {
            _engine.Value.Dispose();
        }
    }
}
