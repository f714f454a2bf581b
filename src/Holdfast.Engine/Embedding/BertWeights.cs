using Holdfast.Engine.Gguf;
using Holdfast.Engine.Kernels;
using Holdfast.Engine.Models;

namespace Holdfast.Engine.Embedding;

/// <summary>All weights of an encoder. Immutable.</summary>
internal sealed class BertWeights : IDisposable
{
    public BertWeights(GgufFile file)
    {
        Shape = BertShape.Read(file);
        Shape.Layout().Check(file);
        var reader = new WeightReader(file);
        Tokens = reader.Matrix("token_embd.weight");
        Positions = reader.Floats("position_embd.weight");
        TokenTypes = reader.Floats("token_types.weight");
        Norm = reader.Floats("token_embd_norm.weight");
        NormBias = reader.Floats("token_embd_norm.bias");
        Layers = new BertLayer[Shape.Layers];
        for (var i = 0; i < Layers.Length; i++)
        {
            Layers[i] = new BertLayer(reader, i);
        }

        if (Shape.Pooling == Pooling.Classifier)
        {
            Head = new ClassifierHead(reader, Shape);
        }
    }

    public BertShape Shape { get; }

    public PackedMatrix Tokens { get; }

    public NativeBuffer Positions { get; }

    /// <summary>Row 0 is added to every token; without it the vectors are useless (mean cosine .69, measured).</summary>
    public NativeBuffer TokenTypes { get; }

    public NativeBuffer Norm { get; }

    public NativeBuffer NormBias { get; }

    public BertLayer[] Layers { get; }

    public ClassifierHead? Head { get; }

    public void Dispose()
    {
        foreach (var part in (IDisposable?[])[Tokens, Positions, TokenTypes, Norm, NormBias, .. Layers, Head])
        {
            part?.Dispose();
        }
    }
}
