using Holdfast.Engine.Gguf;
using Holdfast.Engine.Kernels;
using Holdfast.Engine.Models;

namespace Holdfast.Tests.Engine.Models;

/// <summary>A loaded model with KV memory and one forward pass, driven by hand.</summary>
internal sealed class ModelRig : IDisposable
{
    private readonly WorkerPool _pool;
    private readonly KvBlocks _kv;
    private readonly ForwardPass _pass;
    private readonly StepBatch _batch;

    public ModelRig(string path, int threads, KernelTier tier, int tokens = 1024, int contextTokens = 2048, bool isFine = false, KvType kvType = KvType.Half)
    {
        using var file = GgufFile.Open(path);
        Weights = new ModelWeights(file);
        _pool = new WorkerPool(threads);
        _kv = new KvBlocks(kvType, Weights.Shape.Layers, contextTokens / 16 + 4, Weights.Shape.KvHeads, Weights.Shape.HeadSize);
        _pass = new ForwardPass(Weights, _kv, _pool, KernelSet.Of(tier), new ForwardLimits(tokens, 64, contextTokens, isFine));
        _batch = new StepBatch(tokens, 64);
        Blocks = [.. Enumerable.Range(0, contextTokens / 16 + 4)];
    }

    public ModelWeights Weights { get; }

    public int[] Blocks { get; set; }

    /// <summary>Logits at some positions of a text that is computed in chunks of a size.</summary>
    public Dictionary<int, float[]> Logits(int[] ids, IReadOnlySet<int> positions, int chunk)
    {
        var rows = new Dictionary<int, float[]>();
        for (var start = 0; start < ids.Length; start += chunk)
        {
            var part = ids.AsSpan(start, Math.Min(chunk, ids.Length - start));
            _batch.Clear();
            _batch.Add(part, start, Blocks, wantsLogits: false);
            var wanted = new Dictionary<int, int>();
            for (var i = 0; i < part.Length; i++)
            {
                if (positions.Contains(start + i))
                {
                    wanted[start + i] = _batch.WantLogits(i);
                    if (wanted.Count == 64)
                    {
                        break;
                    }
                }
            }

            _pass.Run(_batch);
            foreach (var (position, row) in wanted)
            {
                rows[position] = _pass.LogitsOf(row).ToArray();
            }
        }

        return rows;
    }

    /// <summary>The last logits of several sequences, each given one more token in one common step.</summary>
    public float[][] Together(IReadOnlyList<(int[] Ids, int Position, int[] Blocks)> runs)
    {
        _batch.Clear();
        var rows = runs.Select(r => _batch.Add(r.Ids, r.Position, r.Blocks, wantsLogits: true)).ToArray();
        _pass.Run(_batch);
        return [.. rows.Select(r => _pass.LogitsOf(r).ToArray())];
    }

    public void Dispose()
    {
        _pass.Dispose();
        _pool.Dispose();
        _kv.Dispose();
        Weights.Dispose();
    }
}
