using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>How the scales of 16 rows lie in memory, a lane a row.</summary>
internal unsafe interface IScales
{
    /// <summary>Value = scale x q + minimum; then there is no bias.</summary>
    static abstract bool HasMinimum { get; }

    /// <summary>The second half of a block has a scale of its own.</summary>
    static abstract bool IsSplit { get; }

    /// <summary>2 where there is a second number, else 1. A plain constant: an expression of the two above is not folded and leaves branches in the loops (seen in the disassembly).</summary>
    static abstract int Vectors { get; }

    static abstract Vector512<float> Scale(byte* scales, int block);

    /// <summary>The minimum, or the scale of the second half.</summary>
    static abstract Vector512<float> Second(byte* scales, int block);
}
