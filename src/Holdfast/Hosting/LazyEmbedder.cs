using Holdfast.Abstractions.Counting;
using Holdfast.Engine.Embedding;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Kernels;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Hosting;

/// <summary>
/// An encoder whose weights are read when the first text comes, so that a server that never embeds stays small: the shipped one's 25 MB are
/// 46 MiB when laid out for the processor. The file is held open from the start on: replacing or deleting it changes nothing before the next.
/// </summary>
internal sealed class LazyEmbedder : IEmbedder, IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly Lazy<EmbeddingEngine> _engine;

    public LazyEmbedder(string path, EmbeddingOptions options, ComputeGate gate)
    {
        Model = options.Name.Length > 0 ? options.Name : ModelName.Of(path);
        _handle = GgufFile.OpenHandle(path);
        _engine = new Lazy<EmbeddingEngine>(() => Load(path, options, gate));
        using var head = GgufFile.Read(path, _handle);
        (Dimensions, TokensMax) = EmbeddingEngine.Inspect(head);
    }

    public string Model { get; }

    /// <summary>The weights are in memory.</summary>
    public bool IsLoaded => _engine.IsValueCreated;

    public int Dimensions { get; }

    public int TokensMax { get; }

    public Task<EmbeddingBatch> EmbedAsync(IReadOnlyList<string> texts, bool isBackground, bool allowsCut, CancellationToken cancellationToken) =>
        _engine.Value.EmbedAsync(texts, isBackground, allowsCut, cancellationToken);

    public void Dispose()
    {
        if (_engine.IsValueCreated)
        {
            _engine.Value.Dispose();
        }

        _handle.Dispose();
    }

    private EmbeddingEngine Load(string path, EmbeddingOptions options, ComputeGate gate)
    {
        try
        {
            using var file = GgufFile.Read(path, _handle);
            return EmbeddingEngine.Load(file, options, gate);
        }
        catch (ModelFileException fault)
        {
            throw new EmbedderException($"the encoder cannot be read: {fault.Message}; restore the file and start again", fault);
        }
    }
}
