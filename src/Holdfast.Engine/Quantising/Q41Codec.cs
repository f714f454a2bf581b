namespace Holdfast.Engine.Quantising;

/// <summary>Q4_1: half scale, half minimum, 32 nibbles; value = scale x q + minimum.</summary>
internal sealed class Q41Codec : IQuantCodec
{
    public void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        Span<byte> quants = stackalloc byte[32];
        Quants(block, quants);
        var (scale, minimum) = (HalfBits.Read(block), HalfBits.Read(block[2..]));
        for (var k = 0; k < 32; k++)
        {
            values[k] = scale * quants[k] + minimum;
        }
    }

    public void Encode(ReadOnlySpan<float> values, Span<byte> block)
    {
        var (min, max) = Extremes.Range(values);
        var scale = (max - min) / 15;
        var inverse = scale == 0 ? 0 : 1 / scale;
        HalfBits.Write(block, scale);
        HalfBits.Write(block[2..], min);
        Span<byte> quants = stackalloc byte[32];
        for (var k = 0; k < 32; k++)
        {
            quants[k] = (byte)Math.Min(15, (int)((values[k] - min) * inverse + .5f));
        }

        Nibbles.Pack(quants, block[4..]);
    }

    public void Quants(ReadOnlySpan<byte> block, Span<byte> quants) => Nibbles.Unpack(block[4..], quants);
}
