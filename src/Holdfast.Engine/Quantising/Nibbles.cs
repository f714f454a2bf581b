namespace Holdfast.Engine.Quantising;

/// <summary>Thirty-two nibbles in sixteen bytes: number k is the low half of byte k, number k + 16 its high half.</summary>
internal static class Nibbles
{
    public static void Unpack(ReadOnlySpan<byte> packed, Span<byte> quants)
    {
        for (var k = 0; k < 16; k++)
        {
            quants[k] = (byte)(packed[k] & 15);
            quants[k + 16] = (byte)(packed[k] >> 4);
        }
    }

    public static void Pack(ReadOnlySpan<byte> quants, Span<byte> packed)
    {
        for (var k = 0; k < 16; k++)
        {
            packed[k] = (byte)((quants[k] & 15) | (quants[k + 16] << 4));
        }
    }

    /// <summary>Adds the fifth bit of each number, kept in four bytes, number k in bit k.</summary>
    public static void AddFifthBits(uint bits, Span<byte> quants)
    {
        for (var k = 0; k < 32; k++)
        {
            quants[k] |= (byte)(((bits >> k) & 1) << 4);
        }
    }

    public static uint FifthBits(ReadOnlySpan<byte> quants)
    {
        uint bits = 0;
        for (var k = 0; k < 32; k++)
        {
            bits |= (uint)(quants[k] >> 4 & 1) << k;
        }

        return bits;
    }
}
