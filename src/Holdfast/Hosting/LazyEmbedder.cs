using Holdfast.Abstractions.Counting;
using Holdfast.Engine.Embedding;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Kernels;

namespace Holdfast.Hosting;

/// <summary>An encoder whose weights (25 MB for the shipped one) are read when the first text comes, so that a server that never embeds stays small.</summary>
internal sealed class LazyEmbedder(string path, EmbeddingOptions options, ComputeGate gate) : IEmbedder, IDisposable
{
    private readonly Lazy<EmbeddingEngine> _engine = new(() => EmbeddingEngine.Load(path, options, gate));
    private readonly Lazy<(int Dimensions, int TokensMax)> _shape = new(() => EmbeddingEngine.Inspect(path));

    public string Model { get; } = options.Name.Length > 0 ? options.Name : ModelName.Of(path);

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
