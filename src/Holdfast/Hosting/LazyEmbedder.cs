using Holdfast.Abstractions.Counting;
using Holdfast.Engine.Embedding;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Kernels;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Hosting;

/// <summary>
/// An encoder whose weights are read when the first text comes, so that a server that never embeds stays small: the shipped one's 25 MB are
/// 46 MiB when laid out for the processor. What happens to the file changes nothing before the next start: a copy without a name is made in
/// the data folder, and until it is there the file itself is held open.
/// </summary>
internal sealed class LazyEmbedder : IEmbedder, IAsyncDisposable
{
    private readonly string _path;
    private readonly EmbeddingOptions _options;
    private readonly ComputeGate _gate;
    private readonly SafeFileHandle _handle;
    private readonly Lock _loading = new();
    private EmbeddingEngine? _engine;

    /// <summary>Reads the file's head. With <paramref name="copyFolder"/> null no copy is made, for a process that lives for one verb.</summary>
    public LazyEmbedder(string path, EmbeddingOptions options, ComputeGate gate, string? copyFolder)
    {
        (_path, _options, _gate) = (path, options, gate);
        Model = options.Name.Length > 0 ? options.Name : ModelName.Of(path);
        _handle = GgufFile.OpenHandle(path);
        using var head = GgufFile.Read(path, _handle);

        // The shipped one is known; another one is looked at now, not when the first client asks.
        (Dimensions, TokensMax) = path == EmbeddingEngine.ShippedModelPath ? EmbeddingEngine.Inspect(head) : EmbeddingEngine.Check(head);
        Copy = copyFolder is null ? Task.FromResult<SafeFileHandle?>(null) : Task.Run(() => NamelessCopy.Make(_handle, copyFolder));
    }

    public string Model { get; }

    /// <summary>The weights are in memory.</summary>
    public bool IsLoaded => _engine is not null;

    public int Dimensions { get; }

    public int TokensMax { get; }

    /// <summary>The copy that the weights are read from; null when there is none.</summary>
    internal Task<SafeFileHandle?> Copy { get; }

    public async Task<EmbeddingBatch> EmbedAsync(IReadOnlyList<string> texts, bool isBackground, bool allowsCut, CancellationToken cancellationToken) =>
        await Engine(await Copy).EmbedAsync(texts, isBackground, allowsCut, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _engine?.Dispose();
        (await Copy)?.Dispose();
        _handle.Dispose();
    }

    /// <summary>A file that cannot be read now is tried again with the next call.</summary>
    private EmbeddingEngine Engine(SafeFileHandle? copy)
    {
        lock (_loading)
        {
            if (_engine is null)
            {
                _engine = Load(copy ?? _handle);

                // All is in memory: the copy's room on the disk is free again.
                copy?.Dispose();
            }

            return _engine;
        }
    }

    private EmbeddingEngine Load(SafeFileHandle handle)
    {
        try
        {
            using var file = GgufFile.Read(_path, handle);
            return EmbeddingEngine.Load(file, _options, _gate);
        }
        catch (ModelFileException fault)
        {
            throw new EmbedderException($"the encoder cannot be read: {fault.Message}; restore the file", fault);
        }
    }
}
