using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Holdfast.Engine.Kernels;

/// <summary>
/// Sixteen halves to floats and back. .NET 10 does not offer the processor's own conversion, so the bits are moved: a half shifted
/// left by 13 is a float 2^112 too small, and one multiplication by 2^112 makes it exact, subnormals included.
/// </summary>
internal static unsafe class HalfLanes
{
    /// <summary>2^112: the difference of the two exponent biases.</summary>
    private const float ExponentGap = 5.192296858534828e33f;
    private const uint HalfMaxBits = 0x7bff;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Widen(ushort* halves) => WidenScaled(halves) * Vector512.Create(ExponentGap);

    /// <summary>Without the last multiplication, for callers that fold 2^112 into a factor of their own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> WidenScaled(ushort* halves)
    {
        var bits = Vector256.Load((short*)halves);

        // One instruction. Putting two halves together by Vector512.Create costs five and a round trip through the stack (seen in the disassembly).
        var wide = Avx512F.IsSupported
            ? Avx512F.ConvertToVector512Int32(bits)
            : Vector512.Create(Vector256.WidenLower(bits), Vector256.WidenUpper(bits));
        return (Vector512.ShiftLeft(wide, 13) & Vector512.Create(unchecked((int)0x8fffe000))).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Widen(ushort* halves, Vector256<float> factor)
    {
        var bits = Vector128.Load((short*)halves);
        var wide = Vector256.Create(Vector128.WidenLower(bits), Vector128.WidenUpper(bits));
        return (Vector256.ShiftLeft(wide, 13) & Vector256.Create(unchecked((int)0x8fffe000))).AsSingle() * factor;
    }

    /// <summary>Rounds to nearest even; beyond the largest half it stays at the largest half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Narrow(Vector512<float> values, ushort* halves)
    {
        var bits = values.AsUInt32();
        var sign = Vector512.ShiftRightLogical(bits, 16) & Vector512.Create(0x8000u);
        var size = bits & Vector512.Create(0x7fffffffu);
        var odd = Vector512.ShiftRightLogical(size, 13) & Vector512<uint>.One;
        var normal = Vector512.ShiftRightLogical(size + Vector512.Create(0xfffu) + odd - Vector512.Create(112u << 23), 13);

        // Adding one half gives a sum whose last place is 2^-24, the step of subnormal halves: the addition itself rounds.
        var half = Vector512.Create(.5f);
        var subnormal = (size.AsSingle() + half).AsUInt32() - half.AsUInt32();
        var isSubnormal = Vector512.LessThan(size, Vector512.Create(113u << 23));
        var rounded = Vector512.ConditionalSelect(isSubnormal, subnormal, Vector512.Min(normal, Vector512.Create(HalfMaxBits)));
        var result = rounded | sign;
        Vector256.Narrow(result.GetLower(), result.GetUpper()).Store(halves);
    }

    public static float Widen(ushort half) => (float)BitConverter.UInt16BitsToHalf(half);
}
