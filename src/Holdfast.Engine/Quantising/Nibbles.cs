using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Quantising;

/// <summary>Thirty-two nibbles in sixteen bytes: number k is the low half of byte k, number k + 16 its high half.</summary>
internal static class Nibbles
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(ReadOnlySpan<byte> packed, Span<byte> quants)
    {
        var two = Vector128.Create(packed[..16]);
        (two & Vector128.Create((byte)15)).CopyTo(quants);
        (two >>> 4).CopyTo(quants[16..]);
    }

    public static void Pack(ReadOnlySpan<byte> quants, Span<byte> packed)
    {
        for (var k = 0; k < 16; k++)
        {
            packed[k] = (byte)((quants[k] & 15) | (quants[k + 16] << 4));
        }
    }

    /// <summary>Adds the fifth bit of each number, kept in four bytes, number k in bit k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddFifthBits(uint bits, Span<byte> quants)
    {
        // Byte k / 8 of the word eight times, and of it bit k % 8.
        var spread = Vector256.Create(Eight(bits), Eight(bits >> 8), Eight(bits >> 16), Eight(bits >> 24)).AsByte();
        var asked = Vector256.Create(0x8040201008040201ul).AsByte();
        var fifth = ~Vector256.Equals(spread & asked, Vector256<byte>.Zero) & Vector256.Create((byte)16);
        (Vector256.Create((ReadOnlySpan<byte>)quants[..32]) | fifth).CopyTo(quants);
    }

    private static ulong Eight(uint bits) => (bits & 0xff) * 0x0101010101010101ul;

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
