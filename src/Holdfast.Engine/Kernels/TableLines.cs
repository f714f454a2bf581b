using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Holdfast.Engine.Quantising;

namespace Holdfast.Engine.Kernels;

/// <summary>IQ4_NL: stored as nibbles, which choose from sixteen values; 128 added to each.</summary>
internal readonly unsafe struct TableLines : ILines
{
    public static int BlockBytes => 256;

    public static int ColdBytes => BlockBytes;

    public static int BiasShift => 7;

    public static int QuantMax => 255;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Line(byte* block, int line)
    {
        if (Avx512BW.IsSupported)
        {
            var nibbles = NibbleLines.Line(block, line);
            return Avx512BW.Shuffle(Vector512.Create(Vector256.Create(Table, Table), Vector256.Create(Table, Table)), nibbles);
        }

        return Vector512.Create(Half(block, line, 0), Half(block, line, 1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Half(byte* block, int line, int half)
    {
        var nibbles = NibbleLines.Half(block, line, half);
        return Avx2.IsSupported
            ? Avx2.Shuffle(Vector256.Create(Table, Table), nibbles)
            : Vector256.Create(Vector128.Shuffle(Table, nibbles.GetLower()), Vector128.Shuffle(Table, nibbles.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Quarter(byte* block, int line, int quarter) => Vector128.Shuffle(Table, NibbleLines.Quarter(block, line, quarter));

    public static int Quant(byte* block, int row, int column) => IQ4NLCodec.Table[NibbleLines.Quant(block, row, column)] + 128;

    private static Vector128<byte> Table
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create((byte)1, 24, 45, 63, 79, 93, 106, 118, 129, 141, 153, 166, 181, 197, 217, 241);
    }
}
