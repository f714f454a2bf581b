using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>The same unsigned integers as <typeparamref name="TLines"/>, unpacked to a byte each for a long run of tokens.</summary>
internal readonly unsafe struct PlainLines<TLines> : ILines
    where TLines : struct, ILines
{
    public static int BlockBytes => ByteLines.BlockBytes;

    public static int ColdBytes => 0;

    public static int BiasShift => TLines.BiasShift;

    public static int QuantMax => TLines.QuantMax;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Line(byte* block, int line) => ByteLines.Line(block, line);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Half(byte* block, int line, int half) => ByteLines.Half(block, line, half);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Quarter(byte* block, int line, int quarter) => ByteLines.Quarter(block, line, quarter);

    public static int Quant(byte* block, int row, int column) => ByteLines.Quant(block, row, column);
}
