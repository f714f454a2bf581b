using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>Q4_0, Q4_1, Q4_K: lines 0-3 are the low nibbles of four stored lines, lines 4-7 their high nibbles.</summary>
internal readonly unsafe struct NibbleLines : ILines
{
    public static int BlockBytes => 256;

    public static int ColdBytes => BlockBytes;

    public static int BiasShift => 3;

    public static int QuantMax => 15;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Line(byte* block, int line)
    {
        var stored = Vector512.Load(block + (line & 3) * 64);
        return (line < 4 ? stored : Vector512.ShiftRightLogical(stored.AsUInt16(), 4).AsByte()) & Vector512.Create((byte)15);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Half(byte* block, int line, int half)
    {
        var stored = Vector256.Load(block + (line & 3) * 64 + half * 32);
        return (line < 4 ? stored : Vector256.ShiftRightLogical(stored.AsUInt16(), 4).AsByte()) & Vector256.Create((byte)15);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Quarter(byte* block, int line, int quarter)
    {
        var stored = Vector128.Load(block + (line & 3) * 64 + quarter * 16);
        return (line < 4 ? stored : Vector128.ShiftRightLogical(stored.AsUInt16(), 4).AsByte()) & Vector128.Create((byte)15);
    }

    public static int Quant(byte* block, int row, int column)
    {
        var stored = block[column % 16 / 4 * 64 + row * 4 + column % 4];
        return column < 16 ? stored & 15 : stored >> 4;
    }
}
