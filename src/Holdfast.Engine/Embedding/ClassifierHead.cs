using Holdfast.Engine.Kernels;
using Holdfast.Engine.Models;

namespace Holdfast.Engine.Embedding;

/// <summary>Two dense layers on the vector of the first token: <c>cls</c>, tanh, <c>cls.output</c>. Small, so plain floats.</summary>
internal sealed class ClassifierHead : IDisposable
{
    private readonly NativeBuffer _dense;
    private readonly NativeBuffer _denseBias;
    private readonly NativeBuffer _output;
    private readonly NativeBuffer _outputBias;
    private readonly int _width;

    public ClassifierHead(WeightReader reader, BertShape shape)
    {
        _width = shape.Width;
        Outputs = shape.Outputs;
        Labels = reader.File.Metadata.Texts("bert.classifier.output_labels") ?? [];
        _dense = reader.Floats("cls.weight");
        _denseBias = reader.Floats("cls.bias");
        _output = reader.Floats("cls.output.weight");
        _outputBias = reader.Floats("cls.output.bias");
    }

    public int Outputs { get; }

    public IReadOnlyList<string> Labels { get; }

    /// <summary>The logits of a sequence whose first token has the vector <paramref name="first"/>.</summary>
    public float[] Apply(ReadOnlySpan<float> first)
    {
        var hidden = new float[_width];
        for (var r = 0; r < _width; r++)
        {
            hidden[r] = MathF.Tanh(Dot(_dense.AsFloats.Slice(r * _width, _width), first) + _denseBias.AsFloats[r]);
        }

        var logits = new float[Outputs];
        for (var r = 0; r < Outputs; r++)
        {
            logits[r] = Dot(_output.AsFloats.Slice(r * _width, _width), hidden) + _outputBias.AsFloats[r];
        }

        return logits;
    }

    public void Dispose()
    {
        _dense.Dispose();
        _denseBias.Dispose();
        _output.Dispose();
        _outputBias.Dispose();
    }

    private static float Dot(ReadOnlySpan<float> row, ReadOnlySpan<float> x)
    {
        var sum = 0f;
        for (var k = 0; k < row.Length; k++)
        {
            sum = MathF.FusedMultiplyAdd(row[k], x[k], sum);
        }

        return sum;
    }
}
