using Holdfast.Engine.Kernels;
using Holdfast.Engine.Models;

namespace Holdfast.Engine.Embedding;

/// <summary>The weights of one layer.</summary>
internal sealed class BertLayer : IDisposable
{
    public BertLayer(WeightReader reader, int index)
    {
        PackedMatrix Matrix(string name) => reader.Matrix($"blk.{index}.{name}.weight");
        NativeBuffer Vector(string name) => reader.Floats($"blk.{index}.{name}");
        Inputs = [Matrix("attn_q"), Matrix("attn_k"), Matrix("attn_v")];
        InputBiases = [Vector("attn_q.bias"), Vector("attn_k.bias"), Vector("attn_v.bias")];
        Output = [Matrix("attn_output")];
        Up = [Matrix("ffn_up")];
        Down = [Matrix("ffn_down")];
        OutputBias = Vector("attn_output.bias");
        UpBias = Vector("ffn_up.bias");
        DownBias = Vector("ffn_down.bias");
        (AttentionNorm, AttentionNormBias) = (Vector("attn_output_norm.weight"), Vector("attn_output_norm.bias"));
        (OutputNorm, OutputNormBias) = (Vector("layer_output_norm.weight"), Vector("layer_output_norm.bias"));
    }

    /// <summary>Query, key, value.</summary>
    public PackedMatrix[] Inputs { get; }

    public NativeBuffer[] InputBiases { get; }

    public PackedMatrix[] Output { get; }

    public NativeBuffer OutputBias { get; }

    public PackedMatrix[] Up { get; }

    public NativeBuffer UpBias { get; }

    public PackedMatrix[] Down { get; }

    public NativeBuffer DownBias { get; }

    public NativeBuffer AttentionNorm { get; }

    public NativeBuffer AttentionNormBias { get; }

    public NativeBuffer OutputNorm { get; }

    public NativeBuffer OutputNormBias { get; }

    public void Dispose()
    {
        foreach (var part in (IDisposable[])
            [.. Inputs, .. InputBiases, .. Output, .. Up, .. Down, OutputBias, UpBias, DownBias, AttentionNorm, AttentionNormBias, OutputNorm, OutputNormBias])
        {
            part.Dispose();
        }
    }
}
