using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>What happens to a row between two matrix products. Lengths are multiples of 16; the order of every sum is fixed.</summary>
internal static unsafe class RowMath
{
    /// <summary>Whether no number is NaN or infinite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool AreFinite(ReadOnlySpan<float> numbers)
    {
        var exponent = Vector512.Create(0x7f80_0000);
        fixed (float* x = numbers)
        {
            for (var i = 0; i < numbers.Length; i += Lanes.Width)
            {
                if (Vector512.EqualsAny(Vector512.Load(x + i).AsInt32() & exponent, exponent))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>y = x / root mean square of x, times w.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RmsNorm(ReadOnlySpan<float> input, ReadOnlySpan<float> weight, Span<float> output, float epsilon)
    {
        fixed (float* x = input, w = weight, y = output)
        {
            var squares = Vector512<float>.Zero;
            for (var i = 0; i < input.Length; i += Lanes.Width)
            {
                var v = Vector512.Load(x + i);
                squares = Vector512.FusedMultiplyAdd(v, v, squares);
            }

            var scale = Vector512.Create(1f / MathF.Sqrt(Lanes.Sum(squares) / input.Length + epsilon));
            for (var i = 0; i < input.Length; i += Lanes.Width)
            {
                (Vector512.Load(x + i) * scale * Vector512.Load(w + i)).Store(y + i);
            }
        }
    }

    /// <summary>y = (x - mean) / deviation, times w, plus bias; the variance is the population's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LayerNorm(ReadOnlySpan<float> input, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Span<float> output, float epsilon)
    {
        fixed (float* x = input, w = weight, more = bias, y = output)
        {
            var sum = Vector512<float>.Zero;
            for (var i = 0; i < input.Length; i += Lanes.Width)
            {
                sum += Vector512.Load(x + i);
            }

            var mean = Vector512.Create(Lanes.Sum(sum) / input.Length);
            var squares = Vector512<float>.Zero;
            for (var i = 0; i < input.Length; i += Lanes.Width)
            {
                var v = Vector512.Load(x + i) - mean;
                squares = Vector512.FusedMultiplyAdd(v, v, squares);
            }

            var scale = Vector512.Create(1f / MathF.Sqrt(Lanes.Sum(squares) / input.Length + epsilon));
            for (var i = 0; i < input.Length; i += Lanes.Width)
            {
                var v = (Vector512.Load(x + i) - mean) * scale;
                Vector512.FusedMultiplyAdd(v, Vector512.Load(w + i), Vector512.Load(more + i)).Store(y + i);
            }
        }
    }

    /// <summary>y = silu(gate) x up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GatedSilu(ReadOnlySpan<float> gate, ReadOnlySpan<float> up, Span<float> output)
    {
        fixed (float* a = gate, b = up, y = output)
        {
            for (var i = 0; i < gate.Length; i += Lanes.Width)
            {
                var g = Vector512.Load(a + i);
                (g / (Vector512<float>.One + Lanes.Exp(-g)) * Vector512.Load(b + i)).Store(y + i);
            }
        }
    }

    /// <summary>y = gelu(x + bias), the exact one: x/2 (1 + erf(x / sqrt 2)). Erf by Abramowitz and Stegun 7.1.26, error below 1.5e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gelu(ReadOnlySpan<float> input, ReadOnlySpan<float> bias, Span<float> output)
    {
        fixed (float* x = input, more = bias, y = output)
        {
            for (var i = 0; i < input.Length; i += Lanes.Width)
            {
                var v = Vector512.Load(x + i) + Vector512.Load(more + i);
                var z = v * Vector512.Create(.70710678f);
                var t = Vector512<float>.One / Vector512.FusedMultiplyAdd(Vector512.Abs(z), Vector512.Create(.3275911f), Vector512<float>.One);
                var p = Vector512.FusedMultiplyAdd(t, Vector512.Create(1.061405429f), Vector512.Create(-1.453152027f));
                p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(1.421413741f));
                p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(-.284496736f));
                p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(.254829592f));
                var rest = p * t * Lanes.Exp(-(z * z));
                var erf = Vector512.ConditionalSelect(
                    Vector512.LessThan(z, Vector512<float>.Zero), rest - Vector512<float>.One, Vector512<float>.One - rest);
                (v * Vector512.Create(.5f) * (Vector512<float>.One + erf)).Store(y + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(Span<float> sum, ReadOnlySpan<float> addend)
    {
        fixed (float* x = sum, more = addend)
        {
            for (var i = 0; i < sum.Length; i += Lanes.Width)
            {
                (Vector512.Load(x + i) + Vector512.Load(more + i)).Store(x + i);
            }
        }
    }

    /// <summary>Turns pairs (2i, 2i + 1) by the angle of i: Llama's order.</summary>
    public static void RotatePairs(Span<float> x, ReadOnlySpan<float> cos, ReadOnlySpan<float> sin)
    {
        for (var i = 0; i < cos.Length; i++)
        {
            var (a, b) = (x[2 * i], x[2 * i + 1]);
            x[2 * i] = a * cos[i] - b * sin[i];
            x[2 * i + 1] = a * sin[i] + b * cos[i];
        }
    }

    /// <summary>Turns pairs (i, i + half): Qwen's order.</summary>
    public static void RotateHalves(Span<float> x, ReadOnlySpan<float> cos, ReadOnlySpan<float> sin)
    {
        var half = cos.Length;
        for (var i = 0; i < half; i++)
        {
            var (a, b) = (x[i], x[i + half]);
            x[i] = a * cos[i] - b * sin[i];
            x[i + half] = a * sin[i] + b * cos[i];
        }
    }
}
