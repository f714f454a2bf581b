using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>Q4_1, Q5_1: sixteen half scales a block, then sixteen half minimums.</summary>
internal readonly unsafe struct HalfMinimumScales : IScales
{
    public const int BlockBytes = 64;

    public static bool HasMinimum => true;

    public static bool IsSplit => false;

    public static int Vectors => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Scale(byte* scales, int block) => HalfLanes.Widen((ushort*)(scales + block * BlockBytes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Second(byte* scales, int block) => HalfLanes.Widen((ushort*)(scales + block * BlockBytes + 32));
}
