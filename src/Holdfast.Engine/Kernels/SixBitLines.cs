using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>Q6_K: nibbles as in <see cref="NibbleLines"/>, then two lines of top bits, two a value: line j has bits 2j and 2j + 1 of line j / 4.</summary>
internal readonly unsafe struct SixBitLines : ILines
{
    public const int HighStart = 256;

    public static int BlockBytes => 384;

    public static int ColdBytes => BlockBytes;

    public static int BiasShift => 5;

    public static int QuantMax => 63;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Line(byte* block, int line)
    {
        var high = Vector512.Load(block + HighStart + line / 4 * 64).AsUInt16();
        var moved = (line & 3) < 2 ? Vector512.ShiftLeft(high, 4 - 2 * (line & 3)) : Vector512.ShiftRightLogical(high, 2 * (line & 3) - 4);
        return NibbleLines.Line(block, line) | (moved.AsByte() & Vector512.Create((byte)48));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Half(byte* block, int line, int half)
    {
        var high = Vector256.Load(block + HighStart + line / 4 * 64 + half * 32).AsUInt16();
        var moved = (line & 3) < 2 ? Vector256.ShiftLeft(high, 4 - 2 * (line & 3)) : Vector256.ShiftRightLogical(high, 2 * (line & 3) - 4);
        return NibbleLines.Half(block, line, half) | (moved.AsByte() & Vector256.Create((byte)48));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Quarter(byte* block, int line, int quarter)
    {
        var high = Vector128.Load(block + HighStart + line / 4 * 64 + quarter * 16).AsUInt16();
        var moved = (line & 3) < 2 ? Vector128.ShiftLeft(high, 4 - 2 * (line & 3)) : Vector128.ShiftRightLogical(high, 2 * (line & 3) - 4);
        return NibbleLines.Quarter(block, line, quarter) | (moved.AsByte() & Vector128.Create((byte)48));
    }

    public static int Quant(byte* block, int row, int column)
    {
        var high = block[HighStart + column / 16 * 64 + row * 4 + column % 4];
        return NibbleLines.Quant(block, row, column) | (((high >> (column % 16 / 4 * 2)) & 3) << 4);
    }
}
