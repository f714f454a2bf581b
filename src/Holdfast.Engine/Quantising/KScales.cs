namespace Holdfast.Engine.Quantising;

/// <summary>
/// The twelve bytes with eight 6-bit scales and eight 6-bit minimums of Q4_K and Q5_K. The first four of each stand in the low
/// six bits of bytes 0-3 and 4-7; the last four have their low nibbles in bytes 8-11 and their top two bits above the first ones.
/// </summary>
internal static class KScales
{
    public const int Groups = 8;

    public static (int Scale, int Minimum) Read(ReadOnlySpan<byte> packed, int group) => group < 4
        ? (packed[group] & 63, packed[group + 4] & 63)
        : ((packed[group + 4] & 15) | ((packed[group - 4] >> 6) << 4), (packed[group + 4] >> 4) | ((packed[group] >> 6) << 4));

    public static void Write(Span<byte> packed, ReadOnlySpan<byte> scales, ReadOnlySpan<byte> minimums)
    {
        for (var g = 0; g < 4; g++)
        {
            packed[g] = (byte)(scales[g] | ((scales[g + 4] >> 4) << 6));
            packed[g + 4] = (byte)(minimums[g] | ((minimums[g + 4] >> 4) << 6));
            packed[g + 8] = (byte)((scales[g + 4] & 15) | (minimums[g + 4] << 4));
        }
    }

    /// <summary>
    /// Chooses scales and minimums for 256 values in eight groups and quantises them to 0..<paramref name="levels"/>:
    /// value = d x scale x q - dmin x minimum.
    /// </summary>
    public static void Encode(ReadOnlySpan<float> values, int levels, Span<byte> block, Span<byte> quants)
    {
        Span<float> steps = stackalloc float[Groups];
        Span<float> lows = stackalloc float[Groups];
        for (var g = 0; g < Groups; g++)
        {
            var (min, max) = Extremes.Range(values.Slice(g * 32, 32));
            lows[g] = Math.Max(0, -min);
            steps[g] = (Math.Max(max, 0) + lows[g]) / levels;
        }

        HalfBits.Write(block, Extremes.Farthest(steps) / 63);
        HalfBits.Write(block[2..], Extremes.Farthest(lows) / 63);
        var (d, dmin) = (HalfBits.Read(block), HalfBits.Read(block[2..]));
        Span<byte> scales = stackalloc byte[Groups];
        Span<byte> minimums = stackalloc byte[Groups];
        for (var g = 0; g < Groups; g++)
        {
            scales[g] = Round(steps[g], d, 63);
            minimums[g] = Round(lows[g], dmin, 63);
            for (var k = g * 32; k < g * 32 + 32; k++)
            {
                quants[k] = Round(values[k] + dmin * minimums[g], d * scales[g], levels);
            }
        }

        Write(block[4..], scales, minimums);
    }

    private static byte Round(float value, float step, int max) =>
        step == 0 ? (byte)0 : (byte)Math.Clamp(MathF.Round(value / step), 0, max);
}
