using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Holdfast.Engine.Kernels;

/// <summary>ARM64's dot product does it in one instruction.</summary>
internal readonly struct ArmDot : IQuarterDot
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> sum, Vector128<sbyte> weights, Vector128<sbyte> x) => Dp.DotProduct(sum, weights, x);
}
