using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>Q5_0, Q5_1, Q5_K: nibbles as in <see cref="NibbleLines"/>, then one line of fifth bits: bit j of a byte belongs to line j.</summary>
internal readonly unsafe struct FiveBitLines : ILines
{
    public const int HighStart = 256;

    public static int BlockBytes => 320;

    public static int ColdBytes => BlockBytes;

    public static int BiasShift => 4;

    public static int QuantMax => 31;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Line(byte* block, int line)
    {
        var high = Vector512.Load(block + HighStart).AsUInt16();
        var moved = line < 4 ? Vector512.ShiftLeft(high, 4 - line) : Vector512.ShiftRightLogical(high, line - 4);
        return NibbleLines.Line(block, line) | (moved.AsByte() & Vector512.Create((byte)16));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Half(byte* block, int line, int half)
    {
        var high = Vector256.Load(block + HighStart + half * 32).AsUInt16();
        var moved = line < 4 ? Vector256.ShiftLeft(high, 4 - line) : Vector256.ShiftRightLogical(high, line - 4);
        return NibbleLines.Half(block, line, half) | (moved.AsByte() & Vector256.Create((byte)16));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Quarter(byte* block, int line, int quarter)
    {
        var high = Vector128.Load(block + HighStart + quarter * 16).AsUInt16();
        var moved = line < 4 ? Vector128.ShiftLeft(high, 4 - line) : Vector128.ShiftRightLogical(high, line - 4);
        return NibbleLines.Quarter(block, line, quarter) | (moved.AsByte() & Vector128.Create((byte)16));
    }

    public static int Quant(byte* block, int row, int column) =>
        NibbleLines.Quant(block, row, column) | (((block[HighStart + row * 4 + column % 4] >> (column / 4)) & 1) << 4);
}
