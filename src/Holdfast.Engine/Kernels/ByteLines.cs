using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>Q8_0: a byte a value, 128 added.</summary>
internal readonly unsafe struct ByteLines : ILines
{
    public static int BlockBytes => 512;

    public static int ColdBytes => BlockBytes;

    public static int BiasShift => 7;

    public static int QuantMax => 255;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Line(byte* block, int line) => Vector512.Load(block + line * 64);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Half(byte* block, int line, int half) => Vector256.Load(block + line * 64 + half * 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Quarter(byte* block, int line, int quarter) => Vector128.Load(block + line * 64 + quarter * 16);

    public static int Quant(byte* block, int row, int column) => block[column / 4 * 64 + row * 4 + column % 4];
}
