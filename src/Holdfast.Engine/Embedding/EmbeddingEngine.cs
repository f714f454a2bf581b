using System.Threading.Channels;
using Holdfast.Abstractions.Counting;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Kernels;

namespace Holdfast.Engine.Embedding;

/// <summary>
/// Turns texts into normalised vectors with a BERT encoder. One thread owns the model and packs texts into batches;
/// calls that somebody waits for take turns, batch by batch, and go before background work, which waits for serving as well.
/// </summary>
public sealed class EmbeddingEngine : IEmbedder, IDisposable
{
    private readonly BertWeights _weights;
    private readonly BertRunner _runner;
    private readonly WorkerPool _pool;
    private readonly TextPieces _pieces;
    private readonly EmbeddingOptions _options;
    private readonly ComputeGate? _gate;
    private readonly Channel<EmbeddingJob> _waited;
    private readonly Channel<EmbeddingJob> _background;
    private readonly Queue<EmbeddingJob> _turns = [];
    private readonly SemaphoreSlim _work = new(0);
    private readonly Thread _owner;
    private readonly CancellationTokenSource _stop = new();

    private EmbeddingEngine(string path, BertWeights weights, TextPieces pieces, EmbeddingOptions options, ComputeGate? gate)
    {
        (_weights, _pieces, _options, _gate) = (weights, pieces, options, gate);
        Model = options.Name.Length > 0 ? options.Name : ModelName.Of(path);
        _pool = new WorkerPool(options.ThreadsUsed, TimeProvider.System);
        _runner = new BertRunner(weights, _pool, KernelSet.Of(PanelKernels.Available[^1]), Math.Max(options.BatchTokens, options.BackgroundBatchTokens));
        _waited = Channel.CreateBounded<EmbeddingJob>(options.QueueLength);
        _background = Channel.CreateBounded<EmbeddingJob>(options.QueueLength);
        _owner = new Thread(Serve) { IsBackground = true, Name = "embedding" };
        _owner.Start();
    }

    /// <summary>The encoder that ships with the product.</summary>
    public static string ShippedModelPath { get; } = Path.Combine(AppContext.BaseDirectory, "models", "all-MiniLM-L6-v2-Q8_0.gguf");

    public string Model { get; }

    public int Dimensions => _weights.Shape.Width;

    public int TokensMax => _weights.Shape.TokensMax;

    /// <summary>Loads an encoder. Throws <see cref="ModelFileException"/> for a file that cannot be one.</summary>
    public static EmbeddingEngine Load(string path, EmbeddingOptions options, ComputeGate? gate)
    {
        using var file = GgufFile.Open(path);
        return Load(file, options, gate);
    }

    /// <summary>Loads an encoder from an open file, which is not needed any more then.</summary>
    public static EmbeddingEngine Load(GgufFile file, EmbeddingOptions options, ComputeGate? gate)
    {
        if (options.Faults() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join("; ", faults), nameof(options));
        }

        var (_, tokensMax) = Inspect(file);
        var pieces = TextPieces.Read(file, tokensMax);
        return new EmbeddingEngine(file.Path, new BertWeights(file), pieces, options, gate);
    }

    /// <summary>Length of a vector and longest text in tokens, from the file's head alone. Throws <see cref="ModelFileException"/> as loading does.</summary>
    public static (int Dimensions, int TokensMax) Inspect(GgufFile file)
    {
        var shape = BertShape.Read(file);
        return shape.Pooling == Pooling.Classifier
            ? throw new ModelFileException(file.Path, null, "this is a classifier; an embedding model is needed")
            : (shape.Width, shape.TokensMax);
    }

    /// <summary>As <see cref="Inspect"/>, after all that loading looks at before it reads weights. Throws <see cref="ModelFileException"/>.</summary>
    public static (int Dimensions, int TokensMax) Check(GgufFile file)
    {
        var shape = BertShape.Read(file);
        shape.Layout().Check(file);
        TextPieces.Read(file, shape.TokensMax);
        return Inspect(file);
    }

    public async Task<EmbeddingBatch> EmbedAsync(IReadOnlyList<string> texts, bool isBackground, bool allowsCut, CancellationToken cancellationToken)
    {
        var ids = new int[texts.Count][];
        var tokens = new int[texts.Count];
        var isCut = new bool[texts.Count];
        var isLeast = false;
        for (var i = 0; i < ids.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var text = _pieces.Of(texts[i], allowsCut);
            (ids[i], tokens[i], isCut[i]) = (text.Ids, text.Tokens, text.Tokens > TokensMax);
            isLeast |= text.IsLeast;
            if (isCut[i] && !allowsCut)
            {
                return new EmbeddingBatch([], tokens, isCut) { IsLeast = isLeast };
            }
        }

        var job = new EmbeddingJob(ids, tokens, isCut, isLeast, cancellationToken);
        try
        {
            await (isBackground ? _background : _waited).Writer.WriteAsync(job, cancellationToken);
            _work.Release();
        }
        catch (ChannelClosedException closed)
        {
            throw new ObjectDisposedException("the embedding engine has ended", closed);
        }

        return await job.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Ends after the batch in work; calls that still wait fail with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        // Both are closed before the owner hears of the end, so that it finds every call that was taken in.
        _waited.Writer.TryComplete();
        _background.Writer.TryComplete();
        _stop.Cancel();
        _owner.Join();
        _pool.Dispose();
        _runner.Dispose();
        _weights.Dispose();
        _work.Dispose();
        _stop.Dispose();
    }

    private void Serve()
    {
        EmbeddingJob? background = null;
        try
        {
            while (true)
            {
                _work.Wait(_stop.Token);
                while (FillTurns())
                {
                    _stop.Token.ThrowIfCancellationRequested();
                    RunTurn();
                }

                background ??= _background.Reader.TryRead(out var next) ? next : null;
                if (background is null)
                {
                    continue;
                }

                RunInBackground(background);
                background = background.Finish() ? null : background;

                // The same call, or the next one in the queue.
                _work.Release();
            }
        }
        catch (OperationCanceledException)
        {
            var ended = new ObjectDisposedException(nameof(EmbeddingEngine));
            background?.Fail(ended);
            while (_turns.TryDequeue(out var left) || _waited.Reader.TryRead(out left) || _background.Reader.TryRead(out left))
            {
                left.Fail(ended);
            }
        }
    }

    /// <summary>Lets in what waits, as far as there is room. False when there is nothing to do.</summary>
    private bool FillTurns()
    {
        while (_turns.Count < _options.QueueLength && _waited.Reader.TryRead(out var job))
        {
            _turns.Enqueue(job);
        }

        return _turns.Count > 0;
    }

    /// <summary>
    /// One batch: of the call whose turn it is, and of those behind it while there is room. A call that is not through goes to the end,
    /// so that two texts do not wait for two thousand of somebody else.
    /// </summary>
    private void RunTurn()
    {
        List<EmbeddingJob> jobs = [];
        var batch = new EmbeddingTurn(_options.BatchTokens);
        while (_turns.TryPeek(out var job) && (job.IsOver || batch.Add(job)))
        {
            jobs.Add(_turns.Dequeue());
        }

        _gate?.Enter();
        try
        {
            Run(batch);
        }
        finally
        {
            _gate?.Leave();
        }

        foreach (var job in jobs.Where(job => !job.Finish()))
        {
            _turns.Enqueue(job);
        }
    }

    private void RunInBackground(EmbeddingJob job)
    {
        _gate?.WaitForIdle(_options.BackgroundPatience, _stop.Token);
        var batch = new EmbeddingTurn(_options.BackgroundBatchTokens);
        if (!job.IsOver && batch.Add(job))
        {
            Run(batch);
        }
    }

    private void Run(EmbeddingTurn batch)
    {
        try
        {
            if (batch.Texts.Count > 0)
            {
                _runner.Run(batch.Texts, (text, rows, length) => Take(batch, text, rows, length));
            }
        }
        catch (Exception fault)
        {
            batch.Fail(fault);
        }
    }

    /// <summary>A text that no vector comes of fails its own call, not those beside it.</summary>
    private void Take(EmbeddingTurn batch, int text, ReadOnlySpan<float> rows, int length)
    {
        try
        {
            batch.Take(text, Pool(rows, length));
        }
        catch (EmbedderException fault)
        {
            batch.Fail(text, fault);
        }
    }

    private float[] Pool(ReadOnlySpan<float> rows, int length)
    {
        var vector = new float[Dimensions];
        var used = _weights.Shape.Pooling == Pooling.Mean ? length : 1;
        for (var t = 0; t < used; t++)
        {
            for (var d = 0; d < vector.Length; d++)
            {
                vector[d] += rows[t * vector.Length + d];
            }
        }

        var squares = 0.0;
        foreach (var value in vector)
        {
            squares += (double)value * value;
        }

        if (!double.IsFinite(squares))
        {
            throw new EmbedderException($"{Model} computed a vector that is not finite: its weights are damaged; compare the file's SHA-256 with its source");
        }

        var scale = squares > 0 ? 1 / Math.Sqrt(squares) : 0;
        for (var d = 0; d < vector.Length; d++)
        {
            vector[d] = (float)(vector[d] * scale);
        }

        return vector;
    }
}
