using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Holdfast.Engine.Kernels;

/// <summary>AVX-VNNI does it in one instruction.</summary>
internal readonly struct VnniDot : IDot
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<byte> weights, Vector256<sbyte> x, int quantMax) =>
        AvxVnni.MultiplyWideningAndAdd(sum, weights, x);
}
