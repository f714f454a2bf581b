using Holdfast.Engine.Kernels;
using Holdfast.Engine.Models;

namespace Holdfast.Tests.Engine.Models;

/// <summary>
/// Perplexity as the golden files define it: windows of 512 tokens, each read from an empty cache, the second half predicted. The bench
/// uses it too.
/// </summary>
internal sealed class WindowScorer : IDisposable
{
    public const int WindowTokens = 512;

    /// <summary>The first predicted token; before it the model has too little to go by.</summary>
    private const int FirstScored = 257;

    private const int ScoredTokens = WindowTokens - FirstScored;

    private readonly ModelWeights _weights;
    private readonly WorkerPool _pool;
    private readonly KvBlocks _kv;
    private readonly ForwardPass _pass;
    private readonly StepBatch _batch = new(WindowTokens, ScoredTokens);
    private readonly int[] _blocks = [.. Enumerable.Range(0, WindowTokens / Attention.BlockTokens)];

    public WindowScorer(ModelWeights weights, KernelSet kernels, int threads, bool isFine)
    {
        _weights = weights;
        _pool = new WorkerPool(threads);
        _kv = new KvBlocks(KvType.Half, weights.Shape.Layers, _blocks.Length, weights.Shape.KvHeads, weights.Shape.HeadSize);
        _pass = new ForwardPass(weights, _kv, _pool, kernels, new ForwardLimits(WindowTokens, ScoredTokens, WindowTokens, isFine));
    }

    /// <summary>Over all whole windows of a text.</summary>
    public double Perplexity(ReadOnlySpan<int> ids)
    {
        var (sum, windows) = (0.0, 0);
        for (; ids.Length >= WindowTokens; ids = ids[WindowTokens..], windows++)
        {
            sum += NegativeLogs(ids[..WindowTokens]);
        }

        return windows > 0 ? Math.Exp(sum / (windows * ScoredTokens)) : throw new ArgumentException($"a text of less than {WindowTokens} tokens", nameof(ids));
    }

    public void Dispose()
    {
        _pass.Dispose();
        _kv.Dispose();
        _pool.Dispose();
        _weights.Dispose();
    }

    private double NegativeLogs(ReadOnlySpan<int> window)
    {
        _batch.Clear();
        _batch.Add(window, 0, _blocks, wantsLogits: false);
        for (var i = FirstScored; i < WindowTokens; i++)
        {
            _batch.WantLogits(i - 1);
        }

        _pass.Run(_batch);
        var sum = 0.0;
        for (var row = 0; row < ScoredTokens; row++)
        {
            sum += NegativeLog(_pass.LogitsOf(row), window[FirstScored + row]);
        }

        return sum;
    }

    private static double NegativeLog(ReadOnlySpan<float> logits, int id)
    {
        double top = float.NegativeInfinity;
        foreach (var logit in logits)
        {
            top = Math.Max(top, logit);
        }

        var sum = 0.0;
        foreach (var logit in logits)
        {
            sum += Math.Exp(logit - top);
        }

        return top + Math.Log(sum) - logits[id];
    }
}
