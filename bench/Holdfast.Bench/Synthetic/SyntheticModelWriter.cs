using Holdfast.Engine.Gguf;
using Holdfast.Engine.Quantising;

namespace Holdfast.Bench.Synthetic;

/// <summary>A model file of a shape with seeded random weights and no vocabulary, quantised by our own code. The same seed gives the same bytes.</summary>
internal sealed class SyntheticModelWriter(SyntheticShape shape, string mix, ulong seed)
{
    private const int RowsPerPiece = 64;

    private readonly GgufWriter _writer = new();
    private ulong _tensors;

    public void Write(Stream stream)
    {
        AddMetadata();
        AddMatrix("token_embd.weight", QuantMix.OfHead(mix, shape.Width), shape.Vocabulary, shape.Width);
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            AddLayer(layer);
        }

        AddVector("output_norm.weight", shape.Width, 1);
        if (shape.HasRopeFactors)
        {
            var factors = RopeFactors();
            _writer.AddTensor("rope_freqs.weight", TensorType.F32, [factors.Length], BlockCodecs.Encode(TensorType.F32, factors));
        }

        _writer.Write(stream);
    }

    private void AddMetadata()
    {
        var a = shape.Architecture;
        _writer.Add("general.architecture", a).Add("general.name", $"synthetic {shape.Name} {mix}")
            .Add($"{a}.block_count", (uint)shape.Layers).Add($"{a}.context_length", 8192u).Add($"{a}.vocab_size", (uint)shape.Vocabulary)
            .Add($"{a}.embedding_length", (uint)shape.Width).Add($"{a}.feed_forward_length", (uint)shape.HiddenWidth)
            .Add($"{a}.attention.head_count", (uint)shape.Heads).Add($"{a}.attention.head_count_kv", (uint)shape.KvHeads)
            .Add($"{a}.attention.layer_norm_rms_epsilon", shape.Epsilon).Add($"{a}.rope.freq_base", shape.RopeBase)
            .Add($"{a}.rope.dimension_count", (uint)SyntheticShape.HeadSize).Add("tokenizer.ggml.model", "no_vocab");
    }

    private void AddLayer(int layer)
    {
        var (width, kvWidth) = (shape.Width, shape.KvHeads * SyntheticShape.HeadSize);
        void Matrix(string name, int rows, int columns) =>
            AddMatrix($"blk.{layer}.{name}.weight", QuantMix.OfLayer(mix, name, layer, shape.Layers, columns), rows, columns);
        AddVector($"blk.{layer}.attn_norm.weight", width, 1);
        Matrix("attn_q", width, width);
        Matrix("attn_k", kvWidth, width);
        Matrix("attn_v", kvWidth, width);
        if (shape.HasBiases)
        {
            AddVector($"blk.{layer}.attn_q.bias", width, 0);
            AddVector($"blk.{layer}.attn_k.bias", kvWidth, 0);
            AddVector($"blk.{layer}.attn_v.bias", kvWidth, 0);
        }

        Matrix("attn_output", width, width);
        AddVector($"blk.{layer}.ffn_norm.weight", width, 1);
        Matrix("ffn_gate", shape.HiddenWidth, width);
        Matrix("ffn_up", shape.HiddenWidth, width);
        Matrix("ffn_down", width, shape.HiddenWidth);
    }

    private void AddMatrix(string name, TensorType type, int rows, int columns)
    {
        var rowBytes = (int)TensorTypes.RowBytes(type, columns);
        var data = new byte[(long)rows * rowBytes];
        var tensor = _tensors++;
        Parallel.For(0, (rows + RowsPerPiece - 1) / RowsPerPiece, piece =>
        {
            var first = piece * RowsPerPiece;
            var count = Math.Min(RowsPerPiece, rows - first);
            var values = Values(tensor, piece, count * columns, 2 / MathF.Sqrt(columns), 0);
            BlockCodecs.Encode(type, values).CopyTo(data, (long)first * rowBytes);
        });
        _writer.AddTensor(name, type, [columns, rows], data);
    }

    private void AddVector(string name, int length, float centre) =>
        _writer.AddTensor(name, TensorType.F32, [length], BlockCodecs.Encode(TensorType.F32, Values(_tensors++, 0, length, .2f, centre)));

    /// <summary>Sums of three even numbers, near enough to a bell; <paramref name="size"/> is twice their standard deviation.</summary>
    private float[] Values(ulong tensor, int piece, int count, float size, float centre)
    {
        var values = new float[count];
        var state = (seed * 0x9E3779B97F4A7C15) ^ (tensor << 32) ^ (uint)piece;
        for (var i = 0; i < count; i++)
        {
            var bits = Mixed(state += 0x9E3779B97F4A7C15);
            var sum = (bits & 0x1FFFFF) + ((bits >> 21) & 0x1FFFFF) + (bits >> 43);
            values[i] = centre + size * ((long)sum - 3 * 0x100000) / 0x200000;
        }

        return values;
    }

    /// <summary>SplitMix64.</summary>
    private static ulong Mixed(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Llama 3.2's: waves longer than the old context are stretched by 32, those shorter than a quarter of it not at all.</summary>
    private float[] RopeFactors()
    {
        const double OldContext = 8192, Factor = 32, LowFactor = 1, HighFactor = 4;
        var factors = new float[SyntheticShape.HeadSize / 2];
        for (var i = 0; i < factors.Length; i++)
        {
            var wave = 2 * Math.PI * Math.Pow(shape.RopeBase, 2.0 * i / SyntheticShape.HeadSize);
            var smooth = Math.Clamp((OldContext / wave - LowFactor) / (HighFactor - LowFactor), 0, 1);
            factors[i] = (float)(1 / ((1 - smooth) / Factor + smooth));
        }

        return factors;
    }
}
