namespace Holdfast.Engine.Quantising;

/// <summary>
/// IQ4_NL: half scale, 32 nibbles that choose from a table; value = scale x table[q]. At the size of Q4_0 it loses three quarters of the
/// squared error on bell-shaped values. That is nearly all there is: every possible scale gives .746, llama.cpp's search .80.
/// </summary>
internal sealed class IQ4NLCodec : IQuantCodec
{
    /// <summary>
    /// Where the value farthest from zero is tried to stand, in units of the table and with both signs: around its two ends, in steps of three
    /// and on the outer entries themselves, so that values which are on the grid of a scale find it.
    /// </summary>
    private static ReadOnlySpan<byte> Places => [83, 86, 89, 92, 95, 98, 101, 104, 107, 110, 113, 116, 119, 122, 124, 127, 130, 133, 136, 139, 142, 145];

    public static ReadOnlySpan<sbyte> Table => [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    public void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        Span<byte> quants = stackalloc byte[32];
        Quants(block, quants);
        var scale = HalfBits.Read(block);
        for (var k = 0; k < 32; k++)
        {
            values[k] = scale * Table[quants[k]];
        }
    }

    public void Encode(ReadOnlySpan<float> values, Span<byte> block)
    {
        var farthest = Extremes.Farthest(values);
        var (best, bestError) = (0f, float.PositiveInfinity);
        for (var i = 0; i < 2 * Places.Length && farthest != 0; i++)
        {
            var scale = (float)(Half)(farthest / (i % 2 == 0 ? -Places[i / 2] : Places[i / 2]));
            var error = Error(values, scale);
            if (error < bestError)
            {
                (best, bestError) = (scale, error);
            }
        }

        HalfBits.Write(block, best);
        Span<byte> quants = stackalloc byte[32];
        for (var k = 0; k < 32; k++)
        {
            quants[k] = Nearest(best == 0 ? 0 : values[k] / best);
        }

        Nibbles.Pack(quants, block[2..]);
    }

    public void Quants(ReadOnlySpan<byte> block, Span<byte> quants) => Nibbles.Unpack(block[2..], quants);

    private static float Error(ReadOnlySpan<float> values, float scale)
    {
        var error = 0f;
        foreach (var value in values)
        {
            var miss = value - scale * Table[Nearest(scale == 0 ? 0 : value / scale)];
            error += miss * miss;
        }

        return error;
    }

    private static byte Nearest(float value)
    {
        var nearest = 0;
        for (var i = 1; i < Table.Length; i++)
        {
            if (Math.Abs(value - Table[i]) < Math.Abs(value - Table[nearest]))
            {
                nearest = i;
            }
        }

        return (byte)nearest;
    }
}
