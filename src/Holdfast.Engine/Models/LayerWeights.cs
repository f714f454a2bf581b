using Holdfast.Engine.Kernels;

namespace Holdfast.Engine.Models;

/// <summary>The weights of one decoder layer.</summary>
internal sealed class LayerWeights : IDisposable
{
    public LayerWeights(WeightReader reader, ModelShape shape, int index)
    {
        PackedMatrix Matrix(string name, int rows, int columns) => reader.Matrix($"blk.{index}.{name}.weight", rows, columns);
        NativeBuffer Vector(string name, int length) => reader.Floats($"blk.{index}.{name}", length);
        NativeBuffer? Bias(string name, int length) => reader.TryFloats($"blk.{index}.{name}.bias", length);
        AttentionNorm = Vector("attn_norm.weight", shape.Width);
        Inputs =
        [
            Matrix("attn_q", shape.QueryWidth, shape.Width),
            Matrix("attn_k", shape.KvWidth, shape.Width),
            Matrix("attn_v", shape.KvWidth, shape.Width),
        ];
        InputBiases = [Bias("attn_q", shape.QueryWidth), Bias("attn_k", shape.KvWidth), Bias("attn_v", shape.KvWidth)];
        if (shape.HasHeadNorms)
        {
            QueryNorm = Vector("attn_q_norm.weight", shape.HeadSize);
            KeyNorm = Vector("attn_k_norm.weight", shape.HeadSize);
        }

        Output = [Matrix("attn_output", shape.Width, shape.QueryWidth)];
        HiddenNorm = Vector("ffn_norm.weight", shape.Width);
        GateUp = [Matrix("ffn_gate", shape.HiddenWidth, shape.Width), Matrix("ffn_up", shape.HiddenWidth, shape.Width)];
        Down = [Matrix("ffn_down", shape.Width, shape.HiddenWidth)];
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
