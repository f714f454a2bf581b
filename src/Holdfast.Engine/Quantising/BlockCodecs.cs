using Holdfast.Engine.Gguf;

namespace Holdfast.Engine.Quantising;

/// <summary>Finds the codec of a type and runs it over whole rows.</summary>
internal static class BlockCodecs
{
    private static readonly Dictionary<TensorType, IBlockCodec> Codecs = new()
    {
        [TensorType.F32] = new F32Codec(),
        [TensorType.F16] = new F16Codec(),
        [TensorType.BF16] = new BF16Codec(),
        [TensorType.Q8_0] = new Q80Codec(),
        [TensorType.Q4_0] = new Q40Codec(),
        [TensorType.Q4_1] = new Q41Codec(),
        [TensorType.Q5_0] = new Q50Codec(),
        [TensorType.Q5_1] = new Q51Codec(),
        [TensorType.IQ4_NL] = new IQ4NLCodec(),
        [TensorType.Q4_K] = new Q4KCodec(),
        [TensorType.Q5_K] = new Q5KCodec(),
        [TensorType.Q6_K] = new Q6KCodec(),
    };

    public static IBlockCodec Of(TensorType type) => Codecs[type];

    public static void DecodeRow(TensorType type, ReadOnlySpan<byte> row, Span<float> values)
    {
        var codec = Codecs[type];
        var length = TensorTypes.BlockLength(type);
        var bytes = TensorTypes.BlockBytes(type);
        for (var b = 0; b < values.Length / length; b++)
        {
            codec.Decode(row.Slice(b * bytes, bytes), values.Slice(b * length, length));
        }
    }

    /// <summary>Throws <see cref="ArgumentException"/> for a value that the type cannot hold: rounded, damage would look like a weight.</summary>
    public static byte[] Encode(TensorType type, ReadOnlySpan<float> values)
    {
        var largest = type is TensorType.F32 or TensorType.BF16 ? float.MaxValue : (float)Half.MaxValue;
        for (var i = 0; i < values.Length; i++)
        {
            if (!(Math.Abs(values[i]) <= largest))
            {
                throw new ArgumentException($"value {i} is {values[i]}; {type} holds finite numbers up to {largest}", nameof(values));
            }
        }

        var codec = Codecs[type];
        var length = TensorTypes.BlockLength(type);
        var bytes = TensorTypes.BlockBytes(type);
        var encoded = new byte[(long)values.Length / length * bytes];
        for (var b = 0; b < values.Length / length; b++)
        {
            codec.Encode(values.Slice(b * length, length), encoded.AsSpan(b * bytes, bytes));
        }

        return encoded;
    }
}
