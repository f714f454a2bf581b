using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>F16.</summary>
internal readonly unsafe struct HalfFloats : IFloats
{
    public static int Bytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(byte* column) => HalfLanes.Widen((ushort*)column);
}
