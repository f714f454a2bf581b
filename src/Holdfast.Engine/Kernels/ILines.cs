using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>
/// How the integers of 16 rows x 32 columns lie in memory. A block is eight lines of 64 bytes; byte 4r + i of line j belongs to row r
/// and column 4j + i, so one line meets four activations at once. Values are unsigned; the bias is 2 to the <see cref="BiasShift"/>.
/// </summary>
internal unsafe interface ILines
{
    static abstract int BlockBytes { get; }

    /// <summary>Bytes of a block to ask for ahead: none where the panel has just been unpacked into the cache.</summary>
    static abstract int ColdBytes { get; }

    static abstract int BiasShift { get; }

    /// <summary>The largest value a line holds: small ones allow 16-bit sums.</summary>
    static abstract int QuantMax { get; }

    /// <summary>A whole line.</summary>
    static abstract Vector512<byte> Line(byte* block, int line);

    /// <summary>Rows 0-7 (<paramref name="half"/> 0) or 8-15 of a line.</summary>
    static abstract Vector256<byte> Half(byte* block, int line, int half);

    /// <summary>Rows 4q to 4q + 3 of a line, for machines with 128 bits.</summary>
    static abstract Vector128<byte> Quarter(byte* block, int line, int quarter);

    /// <summary>One value, the plain way.</summary>
    static abstract int Quant(byte* block, int row, int column);
}
