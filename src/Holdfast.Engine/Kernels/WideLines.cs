using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Holdfast.Engine.Kernels;

/// <summary>
/// Integer dots of whole lines with VPMADDUBSW, which adds two products in 16 bits, where 255 x 127 x 2 would overflow. Sums stay in
/// 16 bits as long as they surely fit: eight lines of 4-bit values (15 x 127 x 2 x 8 = 30,480), four of 5 bits (31,496), two of
/// 6 bits (32,004). So they are exact.
/// </summary>
internal static unsafe class WideLines
{
    /// <summary>Eight lines of values up to <paramref name="quantMax"/> with one token: an integer for each row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Eight(
        int quantMax, sbyte* quants,
        Vector512<byte> w0, Vector512<byte> w1, Vector512<byte> w2, Vector512<byte> w3,
        Vector512<byte> w4, Vector512<byte> w5, Vector512<byte> w6, Vector512<byte> w7) => quantMax <= 15
        ? Fours(Pairs4(quants, w0, w1, w2, w3) + Pairs4(quants + 16, w4, w5, w6, w7), 1)
        : Four(quantMax, quants, w0, w1, w2, w3) + Four(quantMax, quants + 16, w4, w5, w6, w7);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Four(
        int quantMax, sbyte* quants, Vector512<byte> w0, Vector512<byte> w1, Vector512<byte> w2, Vector512<byte> w3) => quantMax <= 31
        ? Fours(Pairs4(quants, w0, w1, w2, w3), 1)
        : Fours(Pairs(quants, w0) + Pairs(quants + 4, w1), 1) + Fours(Pairs(quants + 8, w2) + Pairs(quants + 12, w3), 1);

    /// <summary>Sixteen-bit sums of four lines of small values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> Pairs4(sbyte* quants, Vector512<byte> w0, Vector512<byte> w1, Vector512<byte> w2, Vector512<byte> w3) =>
        Pairs(quants, w0) + Pairs(quants + 4, w1) + (Pairs(quants + 8, w2) + Pairs(quants + 12, w3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Fours(Vector512<short> pairs, short factor) =>
        Avx512BW.MultiplyAddAdjacent(pairs, Vector512.Create(factor));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Pairs(sbyte* quants, Vector512<byte> weights) =>
        Avx512BW.MultiplyAddAdjacent(weights, Vector512.Create(*(int*)quants).AsSByte());
}
