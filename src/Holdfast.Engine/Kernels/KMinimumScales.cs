using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>
/// Q4_K, Q5_K: for eight blocks sixteen halves d and sixteen halves dmin, then for each block sixteen byte scales and sixteen byte
/// minimums. 4.625 bits a value for Q4_K, against 4.5 in the file; half scales for each block would take 5.
/// </summary>
internal readonly unsafe struct KMinimumScales : IScales
{
    public const int SuperBytes = 64 + 8 * BlockBytes;
    public const int BlockBytes = 32;

    public static bool HasMinimum => true;

    public static bool IsSplit => false;

    public static int Vectors => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Scale(byte* scales, int block)
    {
        var super = scales + (block >> 3) * SuperBytes;
        return HalfLanes.Widen((ushort*)super) * ByteLanes.Widen(super + 64 + (block & 7) * BlockBytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Second(byte* scales, int block)
    {
        var super = scales + (block >> 3) * SuperBytes;
        return -(HalfLanes.Widen((ushort*)(super + 32)) * ByteLanes.Widen(super + 64 + (block & 7) * BlockBytes + 16));
    }
}
