using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>Q6_K: for eight blocks sixteen halves d, then for each block sixteen signed byte scales of its first half and sixteen of its second.</summary>
internal readonly unsafe struct KSplitScales : IScales
{
    public const int SuperBytes = 32 + 8 * BlockBytes;
    public const int BlockBytes = 32;

    public static bool HasMinimum => false;

    public static bool IsSplit => true;

    public static int Vectors => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Scale(byte* scales, int block)
    {
        var super = scales + (block >> 3) * SuperBytes;
        return HalfLanes.Widen((ushort*)super) * ByteLanes.WidenSigned((sbyte*)super + 32 + (block & 7) * BlockBytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Second(byte* scales, int block)
    {
        var super = scales + (block >> 3) * SuperBytes;
        return HalfLanes.Widen((ushort*)super) * ByteLanes.WidenSigned((sbyte*)super + 32 + (block & 7) * BlockBytes + 16);
    }
}
