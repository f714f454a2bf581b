using Holdfast.Engine.Gguf;
using Holdfast.Engine.Kernels;

namespace Holdfast.Engine.Models;

/// <summary>All weights of a decoder, packed. Immutable; the file is not needed any more.</summary>
internal sealed class ModelWeights : IDisposable
{
    public ModelWeights(GgufFile file)
    {
        Shape = ModelShape.Read(file);
        Shape.Layout().Check(file);
        var reader = new WeightReader(file);
        Tokens = reader.Matrix("token_embd.weight");
        Layers = new LayerWeights[Shape.Layers];
        for (var i = 0; i < Layers.Length; i++)
        {
            Layers[i] = new LayerWeights(reader, Shape.HasHeadNorms, i);
        }

        Norm = reader.Floats("output_norm.weight");

        // Small models share one matrix between the embedding and the head.
        Head = [reader.TryMatrix("output.weight") ?? Tokens];
        RopeFactors = reader.TryFloats("rope_freqs.weight");
        if (RopeFactors is { } factors && factors.AsFloats.ContainsAnyExceptInRange(float.Epsilon, float.MaxValue))
        {
            throw new ModelFileException(file.Path, file.Find("rope_freqs.weight")?.Offset, "rope_freqs.weight holds a factor that is not above 0: frequencies are divided by it");
        }
    }

    public ModelShape Shape { get; }

    public PackedMatrix Tokens { get; }

    public LayerWeights[] Layers { get; }

    public NativeBuffer Norm { get; }

    public PackedMatrix[] Head { get; }

    /// <summary>Llama 3.1 and later: divides the frequency of each pair.</summary>
    public NativeBuffer? RopeFactors { get; }

    /// <summary>Weights in all matrices.</summary>
    public long Numbers => Matrices.Sum(m => (long)m.Rows * m.Columns);

    /// <summary>Bytes of all packed matrices.</summary>
    public long Bytes => Matrices.Sum(m => m.Bytes);

    /// <summary>The tensor types of the matrices.</summary>
    public IReadOnlyList<TensorType> Types => [.. Matrices.Select(m => m.Type).Distinct().Order()];

    private IEnumerable<PackedMatrix> Matrices => Layers.SelectMany(l => l.Matrices).Append(Tokens).Append(Head[0]).Distinct();

    public void Dispose()
    {
        foreach (var part in (IDisposable?[])[Tokens, .. Layers, Norm, Head[0], RopeFactors])
        {
            part?.Dispose();
        }
    }
}
