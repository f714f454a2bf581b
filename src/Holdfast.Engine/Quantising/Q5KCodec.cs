using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Quantising;

/// <summary>Q5_K: as Q4_K with a fifth bit; bit g of byte k of the 32 high bytes belongs to number k of group g.</summary>
internal sealed class Q5KCodec : IQuantCodec
{
    private const int HighStart = 16;
    private const int LowStart = 48;

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
        KScales.Encode(values, 31, block, quants);
        block.Slice(HighStart, 32).Clear();
        for (var i = 0; i < 256; i++)
        {
            block[HighStart + i % 32] |= (byte)((quants[i] >> 4) << (i / 32));
        }

        for (var pair = 0; pair < 4; pair++)
        {
            for (var k = 0; k < 32; k++)
            {
                block[LowStart + pair * 32 + k] = (byte)((quants[pair * 64 + k] & 15) | (quants[pair * 64 + 32 + k] << 4));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Quants(ReadOnlySpan<byte> block, Span<byte> quants)
    {
        var highs = Vector256.Create(block.Slice(HighStart, 32));
        for (var group = 0; group < 8; group++)
        {
            var two = Vector256.Create(block.Slice(LowStart + group / 2 * 32, 32));
            var low = (two >>> (group % 2 * 4)) & Vector256.Create((byte)15);
            var high = ((highs >>> group) & Vector256<byte>.One) << 4;
            (low | high).CopyTo(quants[(group * 32)..]);
        }
    }
}
