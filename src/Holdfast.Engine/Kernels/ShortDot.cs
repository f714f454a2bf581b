using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>
/// With nothing but 16-bit products: even and odd bytes apart. The sum of two products fits, since 128 x 127 x 2 = 32,512.
/// </summary>
internal readonly struct ShortDot : IQuarterDot
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> sum, Vector128<sbyte> weights, Vector128<sbyte> x)
    {
        var pairs = (Even(weights) * Even(x) + Odd(weights) * Odd(x)).AsInt32();
        return sum + Vector128.ShiftRightArithmetic(Vector128.ShiftLeft(pairs, 16), 16) + Vector128.ShiftRightArithmetic(pairs, 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Even(Vector128<sbyte> bytes) => Vector128.ShiftRightArithmetic(Vector128.ShiftLeft(bytes.AsInt16(), 8), 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Odd(Vector128<sbyte> bytes) => Vector128.ShiftRightArithmetic(bytes.AsInt16(), 8);
}
