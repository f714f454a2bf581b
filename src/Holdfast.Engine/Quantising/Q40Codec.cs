namespace Holdfast.Engine.Quantising;

/// <summary>Q4_0: half scale, 32 nibbles; value = scale x (q - 8).</summary>
internal sealed class Q40Codec : IQuantCodec
{
    public const int Bias = 8;

    public void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        Span<byte> quants = stackalloc byte[32];
        Quants(block, quants);
        var scale = HalfBits.Read(block);
        for (var k = 0; k < 32; k++)
        {
            values[k] = scale * (quants[k] - Bias);
        }
    }

    public void Encode(ReadOnlySpan<float> values, Span<byte> block)
    {
        var scale = Extremes.Farthest(values) / -Bias;
        var inverse = scale == 0 ? 0 : 1 / scale;
        HalfBits.Write(block, scale);
        Span<byte> quants = stackalloc byte[32];
        for (var k = 0; k < 32; k++)
        {
            quants[k] = (byte)Math.Min(15, (int)(values[k] * inverse + (Bias + .5f)));
        }

        Nibbles.Pack(quants, block[2..]);
    }

    public void Quants(ReadOnlySpan<byte> block, Span<byte> quants) => Nibbles.Unpack(block[2..], quants);
}
