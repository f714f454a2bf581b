using System.Buffers.Binary;

namespace Holdfast.Engine.Quantising;

/// <summary>Q5_0: half scale, four bytes of fifth bits, 32 nibbles; value = scale x (q - 16).</summary>
internal sealed class Q50Codec : IQuantCodec
{
    public const int Bias = 16;

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
            quants[k] = (byte)Math.Min(31, (int)(values[k] * inverse + (Bias + .5f)));
        }

        BinaryPrimitives.WriteUInt32LittleEndian(block[2..], Nibbles.FifthBits(quants));
        Nibbles.Pack(quants, block[6..]);
    }

    public void Quants(ReadOnlySpan<byte> block, Span<byte> quants)
    {
        Nibbles.Unpack(block[6..], quants);
        Nibbles.AddFifthBits(BinaryPrimitives.ReadUInt32LittleEndian(block[2..]), quants);
    }
}
