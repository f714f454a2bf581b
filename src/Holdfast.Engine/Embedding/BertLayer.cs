using Holdfast.Engine.Kernels;
using Holdfast.Engine.Models;

namespace Holdfast.Engine.Embedding;

/// <summary>The weights of one layer.</summary>
internal sealed class BertLayer : IDisposable
{
    public BertLayer(WeightReader reader, BertShape shape, int index)
    {
        var (width, hidden) = (shape.Width, shape.HiddenWidth);
        PackedMatrix Matrix(string name, int rows, int columns) => reader.Matrix($"blk.{index}.{name}.weight", rows, columns);
        NativeBuffer Vector(string name, int length) => reader.Floats($"blk.{index}.{name}", length);
        Inputs = [Matrix("attn_q", width, width), Matrix("attn_k", width, width), Matrix("attn_v", width, width)];
        InputBiases = [Vector("attn_q.bias", width), Vector("attn_k.bias", width), Vector("attn_v.bias", width)];
        Output = [Matrix("attn_output", width, width)];
        Up = [Matrix("ffn_up", hidden, width)];
        Down = [Matrix("ffn_down", width, hidden)];
        OutputBias = Vector("attn_output.bias", width);
        UpBias = Vector("ffn_up.bias", hidden);
        DownBias = Vector("ffn_down.bias", width);
        (AttentionNorm, AttentionNormBias) = (Vector("attn_output_norm.weight", width), Vector("attn_output_norm.bias", width));
        (OutputNorm, OutputNormBias) = (Vector("layer_output_norm.weight", width), Vector("layer_output_norm.bias", width));
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
