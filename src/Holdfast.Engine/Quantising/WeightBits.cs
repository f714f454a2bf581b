using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Holdfast.Engine.Gguf;

namespace Holdfast.Engine.Quantising;

/// <summary>
/// Finds NaN and infinity in the bytes of a tensor: in the numbers themselves, or in the scales and minimums of blocks. The kernels move the
/// bits of halves without looking at their exponent, so that an infinite scale would become a finite one and noise an answer.
/// </summary>
internal static class WeightBits
{
    private const uint SingleExponent = 0x7f80_0000;
    private const ushort BrainExponent = 0x7f80;
    private const ushort HalfExponent = 0x7c00;

    /// <summary>The byte where the first number that is not finite starts; -1 when all are.</summary>
    public static int FirstNotFinite(TensorType type, ReadOnlySpan<byte> blocks) => type switch
    {
        TensorType.F32 => sizeof(uint) * First(MemoryMarshal.Cast<byte, uint>(blocks), SingleExponent),
        TensorType.BF16 => sizeof(ushort) * First(MemoryMarshal.Cast<byte, ushort>(blocks), BrainExponent),
        TensorType.F16 => sizeof(ushort) * First(MemoryMarshal.Cast<byte, ushort>(blocks), HalfExponent),
        TensorType.Q6_K => FirstScale(blocks, Q6KCodec.FactorStart, TensorTypes.BlockBytes(type), hasMinimum: false),
        _ => FirstScale(blocks, 0, TensorTypes.BlockBytes(type), type is TensorType.Q4_1 or TensorType.Q5_1 or TensorType.Q4_K or TensorType.Q5_K),
    } is var at and >= 0 ? at : -1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int First<T>(ReadOnlySpan<T> numbers, T exponent)
        where T : unmanaged, IBinaryInteger<T>
    {
        var all = Vector256.Create(exponent);
        var i = 0;
        while (i <= numbers.Length - Vector256<T>.Count && !Vector256.EqualsAny(Vector256.Create(numbers[i..]) & all, all))
        {
            i += Vector256<T>.Count;
        }

        while (i < numbers.Length && (numbers[i] & exponent) != exponent)
        {
            i++;
        }

        return i < numbers.Length ? i : -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FirstScale(ReadOnlySpan<byte> blocks, int start, int step, bool hasMinimum)
    {
        for (var i = start; i < blocks.Length; i += step)
        {
            if (!IsFinite(blocks, i))
            {
                return i;
            }

            if (hasMinimum && !IsFinite(blocks, i + sizeof(ushort)))
            {
                return i + sizeof(ushort);
            }
        }

        return -1;
    }

    private static bool IsFinite(ReadOnlySpan<byte> bytes, int at) => (bytes[at + 1] & (HalfExponent >> 8)) != HalfExponent >> 8;
}
