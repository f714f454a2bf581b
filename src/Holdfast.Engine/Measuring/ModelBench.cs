using Holdfast.Engine.Gguf;
using Holdfast.Engine.Kernels;
using Holdfast.Engine.Models;
using Holdfast.Engine.Serving;

namespace Holdfast.Engine.Measuring;

/// <summary>
/// Measures a model file on this machine: how fast it reads prompts, generates alone and generates in batches. A file without a
/// vocabulary serves as well as a whole one.
/// </summary>
public sealed class ModelBench : IDisposable
{
    private const int BlockTokens = Attention.BlockTokens;

    private readonly ModelWeights _weights;
    private readonly WorkerPool _pool;
    private readonly KvBlocks _kv;
    private readonly ForwardPass _pass;
    private readonly StepBatch _batch;
    private readonly TimeProvider _time;
    private readonly int _contextTokens;

    private ModelBench(GgufFile file, BenchSettings settings, TimeProvider time)
    {
        _time = time;
        _contextTokens = settings.PromptTokens + settings.NewTokens + BlockTokens;
        var batch = settings.Batches.DefaultIfEmpty(1).Max();
        var tokens = Math.Max(settings.PromptTokens, batch);
        var perSequence = Math.Max((settings.PromptTokens + BlockTokens) / BlockTokens, (BenchSettings.BatchedPromptTokens + settings.NewTokens) / BlockTokens + 1) + settings.NewTokens / BlockTokens + 1;
        var (shape, blocks) = (ModelShape.Read(file), Math.Max(2, batch) * perSequence);
        MemoryRoom.Check(file, new ForwardLimits(tokens, batch, _contextTokens, IsFine: true), blocks * KvBlocks.BytesOfBlock(settings.KvType, shape.Layers, shape.KvHeads, shape.HeadSize), isSet: false);
        var start = time.GetTimestamp();
        _weights = new ModelWeights(file);
        LoadTime = time.GetElapsedTime(start);
        _pool = new WorkerPool(settings.Threads, settings.AdaptsThreads ? TimeProvider.System : null);
        _kv = new KvBlocks(settings.KvType, shape.Layers, blocks, shape.KvHeads, shape.HeadSize);
        BlocksPerSequence = perSequence;
        Kernels = settings.Kernels is { } tier ? KernelSet.Of(tier) : KernelSelfTest.Pick(_weights.Types, time);
        _pass = new ForwardPass(_weights, _kv, _pool, Kernels, new ForwardLimits(tokens, Math.Max(1, batch), _contextTokens, ActivationRule.IsFine(settings.Activations, _weights)));
        _batch = new StepBatch(tokens, Math.Max(1, batch));
    }

    /// <summary>Reading and packing the weights.</summary>
    public TimeSpan LoadTime { get; }

    public long WeightBytes => _weights.Bytes;

    /// <summary>Weights that one generated token reads: all but the embedding where the head has a matrix of its own.</summary>
    public long BytesPerToken => _weights.Head[0].Bytes + _weights.Layers.Sum(l => l.Matrices.Sum(m => m.Bytes));

    internal KernelSet Kernels { get; }

    private int BlocksPerSequence { get; }

    public static ModelBench Load(string path, BenchSettings settings, TimeProvider time)
    {
        using var file = GgufFile.Open(path);
        return new ModelBench(file, settings, time);
    }

    /// <summary>Tokens per second of a prompt of this length, read at once.</summary>
    public double Prompt(int tokens)
    {
        var ids = Ids(tokens, 1);
        var start = _time.GetTimestamp();
        _batch.Clear();
        _batch.Add(ids, 0, Blocks(0), wantsLogits: true);
        _pass.Run(_batch);
        return tokens / _time.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Tokens per second of all sequences together, each with its own short prompt.</summary>
    public double Generate(int sequences, int promptTokens, int newTokens)
    {
        for (var s = 0; s < sequences; s++)
        {
            _batch.Clear();
            _batch.Add(Ids(promptTokens, s), 0, Blocks(s), wantsLogits: false);
            _pass.Run(_batch);
        }

        var start = _time.GetTimestamp();
        for (var t = 0; t < newTokens; t++)
        {
            _batch.Clear();
            for (var s = 0; s < sequences; s++)
            {
                _batch.Add(Ids(1, s + t), promptTokens + t, Blocks(s), wantsLogits: true);
            }

            _pass.Run(_batch);
        }

        return sequences * newTokens / _time.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose()
    {
        _pass.Dispose();
        _kv.Dispose();
        _pool.Dispose();
        _weights.Dispose();
    }

    private int[] Blocks(int sequence)
    {
        var blocks = new int[BlocksPerSequence];
        for (var b = 0; b < blocks.Length; b++)
        {
            blocks[b] = sequence * BlocksPerSequence + b;
        }

        return blocks;
    }

    private int[] Ids(int count, int salt)
    {
        var ids = new int[count];
        for (var i = 0; i < count; i++)
        {
            ids[i] = (int)((uint)((i + 7 * salt) * 2654435761u) % (uint)_weights.Shape.Vocabulary);
        }

        return ids;
    }
}
