using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Quantising;

/// <summary>Q6_K: 256 values in sixteen groups of 16; value = d x scale x (q - 32), 6-bit q, signed 8-bit scales.</summary>
internal sealed class Q6KCodec : IQuantCodec
{
    public const int Bias = 32;
    public const int ScaleStart = 192;
    public const int FactorStart = 208;

    public void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        Span<byte> quants = stackalloc byte[256];
        Quants(block, quants);
        var d = HalfBits.Read(block[FactorStart..]);
        for (var k = 0; k < 256; k++)
        {
            values[k] = d * (sbyte)block[ScaleStart + k / 16] * (quants[k] - Bias);
        }
    }

    public void Encode(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<float> steps = stackalloc float[16];
        for (var g = 0; g < 16; g++)
        {
            steps[g] = Extremes.Farthest(values.Slice(g * 16, 16)) / -Bias;
        }

        HalfBits.Write(block[FactorStart..], Extremes.Farthest(steps) / 127);
        var d = HalfBits.Read(block[FactorStart..]);
        block[..ScaleStart].Clear();
        for (var g = 0; g < 16; g++)
        {
            var scale = d == 0 ? 0 : Math.Clamp(MathF.Round(steps[g] / d), -128, 127);
            block[ScaleStart + g] = (byte)(sbyte)scale;
            for (var k = g * 16; k < g * 16 + 16; k++)
            {
                var step = d * scale;
                Put(block, k, step == 0 ? Bias : (int)Math.Clamp(MathF.Round(values[k] / step) + Bias, 0, 63));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Quants(ReadOnlySpan<byte> block, Span<byte> quants)
    {
        for (var k = 0; k < 256; k += 32)
        {
            var (low, lowShift, high, highShift) = Place(k);
            var lows = (Vector256.Create(block.Slice(low, 32)) >>> lowShift) & Vector256.Create((byte)15);
            var highs = (Vector256.Create(block.Slice(high, 32)) >>> highShift) & Vector256.Create((byte)3);
            (lows | (highs << 4)).CopyTo(quants[k..]);
        }
    }

    private static void Put(Span<byte> block, int k, int quant)
    {
        var (low, lowShift, high, highShift) = Place(k);
        block[low] |= (byte)((quant & 15) << lowShift);
        block[high] |= (byte)((quant >> 4) << highShift);
    }

    /// <summary>In each half of 128, groups of 32: low nibbles in bytes 0-31 and 32-63, first the low halves, then the high ones.</summary>
    private static (int Low, int LowShift, int High, int HighShift) Place(int k)
    {
        var (half, quarter, i) = (k / 128, k % 128 / 32, k % 32);
        return (half * 64 + quarter % 2 * 32 + i, quarter / 2 * 4, 128 + half * 32 + i, quarter * 2);
    }
}
