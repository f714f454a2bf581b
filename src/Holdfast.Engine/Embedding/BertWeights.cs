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
        var reader = new WeightReader(file);
        Tokens = reader.Matrix("token_embd.weight", Shape.Vocabulary, Shape.Width);
        Positions = reader.Floats("position_embd.weight", Shape.Width, Shape.TokensMax);
        TokenTypes = reader.Floats("token_types.weight", Shape.Width, Shape.TokenTypes);
        Norm = reader.Floats("token_embd_norm.weight", Shape.Width);
        NormBias = reader.Floats("token_embd_norm.bias", Shape.Width);
        Layers = new BertLayer[Shape.Layers];
        for (var i = 0; i < Layers.Length; i++)
        {
            Layers[i] = new BertLayer(reader, Shape, i);
        }

        if (Shape.Pooling == Pooling.Classifier)
        {
            Head = new ClassifierHead(reader, Shape);
        }

        reader.RefuseTheRest();
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
