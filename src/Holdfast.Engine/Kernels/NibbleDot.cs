using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Holdfast.Engine.Kernels;

/// <summary>AVX2: pairs of products in 16 bits; bytes are split into nibbles, because two products of a byte would overflow.</summary>
internal readonly struct NibbleDot : IDot
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<byte> weights, Vector256<sbyte> x, int quantMax)
    {
        if (quantMax <= 63)
        {
            return sum + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(weights, x), Vector256<short>.One);
        }

        var mask = Vector256.Create((byte)15);
        var low = Avx2.MultiplyAddAdjacent(weights & mask, x);
        var high = Avx2.MultiplyAddAdjacent(Vector256.ShiftRightLogical(weights.AsUInt16(), 4).AsByte() & mask, x);
        return sum + Avx2.MultiplyAddAdjacent(low, Vector256<short>.One) + Avx2.MultiplyAddAdjacent(high, Vector256.Create((short)16));
    }
}
