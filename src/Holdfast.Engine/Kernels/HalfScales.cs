using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>Q8_0, Q4_0, Q5_0, IQ4_NL: sixteen halves a block.</summary>
internal readonly unsafe struct HalfScales : IScales
{
    public const int BlockBytes = 32;

    public static bool HasMinimum => false;

    public static bool IsSplit => false;

    public static int Vectors => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Scale(byte* scales, int block) => HalfLanes.Widen((ushort*)(scales + block * BlockBytes));

    public static Vector512<float> Second(byte* scales, int block) => Vector512<float>.Zero;
}
