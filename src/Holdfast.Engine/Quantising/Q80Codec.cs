namespace Holdfast.Engine.Quantising;

/// <summary>Q8_0: half scale, 32 signed bytes; value = scale x q.</summary>
internal sealed class Q80Codec : IQuantCodec
{
    public const int Bias = 128;

    public void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfBits.Read(block);
        for (var k = 0; k < 32; k++)
        {
            values[k] = scale * (sbyte)block[2 + k];
        }
    }

    public void Encode(ReadOnlySpan<float> values, Span<byte> block)
    {
        var scale = Math.Abs(Extremes.Farthest(values)) / 127;
        var inverse = scale == 0 ? 0 : 1 / scale;
        HalfBits.Write(block, scale);
        for (var k = 0; k < 32; k++)
        {
            block[2 + k] = (byte)(sbyte)MathF.Round(values[k] * inverse, MidpointRounding.AwayFromZero);
        }
    }

    public void Quants(ReadOnlySpan<byte> block, Span<byte> quants)
    {
        for (var k = 0; k < 32; k++)
        {
            quants[k] = (byte)(block[2 + k] ^ 0x80);
        }
    }
}
