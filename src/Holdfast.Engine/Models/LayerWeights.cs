using Holdfast.Engine.Kernels;

namespace Holdfast.Engine.Models;

/// <summary>The weights of one decoder layer.</summary>
internal sealed class LayerWeights : IDisposable
{
    public LayerWeights(WeightReader reader, bool hasHeadNorms, int index)
    {
        PackedMatrix Matrix(string name) => reader.Matrix($"blk.{index}.{name}.weight");
        NativeBuffer Vector(string name) => reader.Floats($"blk.{index}.{name}.weight");
        NativeBuffer? Bias(string name) => reader.TryFloats($"blk.{index}.{name}.bias");
        AttentionNorm = Vector("attn_norm");
        Inputs = [Matrix("attn_q"), Matrix("attn_k"), Matrix("attn_v")];
        InputBiases = [Bias("attn_q"), Bias("attn_k"), Bias("attn_v")];
        if (hasHeadNorms)
        {
            QueryNorm = Vector("attn_q_norm");
            KeyNorm = Vector("attn_k_norm");
        }

        Output = [Matrix("attn_output")];
        HiddenNorm = Vector("ffn_norm");
        GateUp = [Matrix("ffn_gate"), Matrix("ffn_up")];
        Down = [Matrix("ffn_down")];
    }

    public NativeBuffer AttentionNorm { get; }

    /// <summary>Query, key, value.</summary>
    public PackedMatrix[] Inputs { get; }

    public NativeBuffer?[] InputBiases { get; }

    public NativeBuffer? QueryNorm { get; }

    public NativeBuffer? KeyNorm { get; }

    public PackedMatrix[] Output { get; }

    public NativeBuffer HiddenNorm { get; }

    public PackedMatrix[] GateUp { get; }

    public PackedMatrix[] Down { get; }

    public IEnumerable<PackedMatrix> Matrices => [.. Inputs, .. Output, .. GateUp, .. Down];

    public void Dispose()
    {
        foreach (var part in (IDisposable?[])[AttentionNorm, .. Inputs, .. InputBiases, QueryNorm, KeyNorm, .. Output, HiddenNorm, .. GateUp, .. Down])
        {
            part?.Dispose();
        }
    }
}
