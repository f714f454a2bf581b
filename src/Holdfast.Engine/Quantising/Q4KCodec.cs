using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Quantising;

/// <summary>Q4_K: 256 values in eight groups; value = d x scale x q - dmin x minimum, 4-bit q, 6-bit scales and minimums.</summary>
internal sealed class Q4KCodec : IQuantCodec
{
    public void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        Span<byte> quants = stackalloc byte[256];
        Quants(block, quants);
        var (d, dmin) = (HalfBits.Read(block), HalfBits.Read(block[2..]));
        for (var k = 0; k < 256; k++)
        {
            var (scale, minimum) = KScales.Read(block[4..], k / 32);
            values[k] = d * scale * quants[k] - dmin * minimum;
        }
    }

    public void Encode(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<byte> quants = stackalloc byte[256];
        KScales.Encode(values, 15, block, quants);
        for (var pair = 0; pair < 4; pair++)
        {
            for (var k = 0; k < 32; k++)
            {
                block[16 + pair * 32 + k] = (byte)(quants[pair * 64 + k] | (quants[pair * 64 + 32 + k] << 4));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Quants(ReadOnlySpan<byte> block, Span<byte> quants)
    {
        for (var pair = 0; pair < 4; pair++)
        {
            var two = Vector256.Create(block.Slice(16 + pair * 32, 32));
            (two & Vector256.Create((byte)15)).CopyTo(quants[(pair * 64)..]);
            (two >>> 4).CopyTo(quants[(pair * 64 + 32)..]);
        }
    }
}
