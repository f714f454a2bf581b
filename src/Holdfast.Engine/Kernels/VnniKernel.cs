using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Holdfast.Engine.Kernels;

/// <summary>
/// For processors with AVX-VNNI and AVX-512: 256-bit VPDPBUSD (all that .NET 10 offers) for the integers, 512-bit floats. The tile
/// of 16 rows x 4 tokens keeps its 8 integer accumulators in registers: a ninth would be spilled (seen in the disassembly).
/// </summary>
internal sealed unsafe class VnniKernel<TLines, TScales> : IPanelKernel
    where TLines : struct, ILines
    where TScales : struct, IScales
{
    /// <summary>How far ahead of one token's use the weights are asked for.</summary>
    private const int PrefetchBytes = 2048;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void One(PanelView panel, Activations x, int token, float* y, bool adds)
    {
        var view = x.View(token);
        var lines = panel.Lines;
        var quants = view.Quants;
        var sum = Vector512<float>.Zero;
        for (var b = 0; b < panel.Blocks; b++, lines += TLines.BlockBytes, quants += 128)
        {
            for (var line = 0; line < TLines.BlockBytes; line += 64)
            {
                Sse.Prefetch0(lines + PrefetchBytes + line);
            }

            var xScale = view.Scales[b * 4];
            var scale = TScales.Scale(panel.Scales, b) * Vector512.Create(xScale);
            var low = TScales.IsSplit
                ? Bias(view.NegatedSums[b * 4] - view.NegatedHighSums[b * 4])
                : Bias(view.NegatedSums[b * 4]);
            var (a0, a1) = (low, low);
            var high = TScales.IsSplit ? Bias(view.NegatedHighSums[b * 4]) : Vector256<int>.Zero;
            var (c0, c1) = (high, high);
            Quad(lines, 0, quants, ref a0, ref a1, ref a0, ref a1);
            Quad(lines, 4, quants + 16, ref c0, ref c1, ref c0, ref c1);
            if (TScales.IsSplit)
            {
                sum = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(Vector512.Create(a0, a1)), scale, sum);
                var second = TScales.Second(panel.Scales, b) * Vector512.Create(xScale);
                sum = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(Vector512.Create(c0, c1)), second, sum);
                continue;
            }

            sum = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(Vector512.Create(a0 + c0, a1 + c1)), scale, sum);
            if (TScales.HasMinimum)
            {
                sum = Vector512.FusedMultiplyAdd(TScales.Second(panel.Scales, b), Vector512.Create(xScale * -view.NegatedSums[b * 4]), sum);
            }
        }

        Output.Put(y, sum, adds);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Four(PanelView panel, Activations x, int token, float* y, long stride, bool adds)
    {
        var view = x.View(token);
        var lines = panel.Lines;
        var quants = view.Quants;
        var scales = view.Scales;
        var sums = view.NegatedSums;
        var highSums = view.NegatedHighSums;
        Vector512<float> f0 = default, f1 = default, f2 = default, f3 = default;
        for (var b = 0; b < panel.Blocks; b++, lines += TLines.BlockBytes, quants += 128, scales += 4, sums += 4, highSums += 4)
        {
            var a0 = StartOf(sums, highSums, 0);
            var a1 = StartOf(sums, highSums, 1);
            var a2 = StartOf(sums, highSums, 2);
            var a3 = StartOf(sums, highSums, 3);
            var (c0, c1, c2, c3) = (a0, a1, a2, a3);
            FourTokens(lines, 0, quants, ref a0, ref a1, ref a2, ref a3, ref c0, ref c1, ref c2, ref c3);
            var scale = TScales.Scale(panel.Scales, b);
            if (TScales.IsSplit)
            {
                Add(scale, scales, a0, a1, a2, a3, c0, c1, c2, c3, ref f0, ref f1, ref f2, ref f3);
                a0 = c0 = Bias(highSums[0]);
                a1 = c1 = Bias(highSums[1]);
                a2 = c2 = Bias(highSums[2]);
                a3 = c3 = Bias(highSums[3]);
                scale = TScales.Second(panel.Scales, b);
            }

            FourTokens(lines, 4, quants + 16, ref a0, ref a1, ref a2, ref a3, ref c0, ref c1, ref c2, ref c3);
            Add(scale, scales, a0, a1, a2, a3, c0, c1, c2, c3, ref f0, ref f1, ref f2, ref f3);
            if (TScales.HasMinimum)
            {
                var minimum = TScales.Second(panel.Scales, b);
                f0 = Vector512.FusedMultiplyAdd(minimum, Vector512.Create(scales[0] * -sums[0]), f0);
                f1 = Vector512.FusedMultiplyAdd(minimum, Vector512.Create(scales[1] * -sums[1]), f1);
                f2 = Vector512.FusedMultiplyAdd(minimum, Vector512.Create(scales[2] * -sums[2]), f2);
                f3 = Vector512.FusedMultiplyAdd(minimum, Vector512.Create(scales[3] * -sums[3]), f3);
            }
        }

        Output.Put(y, f0, adds);
        Output.Put(y + stride, f1, adds);
        Output.Put(y + 2 * stride, f2, adds);
        Output.Put(y + 3 * stride, f3, adds);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Bias(int negatedSum) =>
        TScales.HasMinimum ? Vector256<int>.Zero : Vector256.Create(negatedSum << TLines.BiasShift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> StartOf(int* sums, int* highSums, int token)
    {
        if (TScales.HasMinimum)
        {
            return Vector256<int>.Zero;
        }

        var sum = Avx2.BroadcastScalarToVector256(sums + token);
        return Vector256.ShiftLeft(TScales.IsSplit ? sum - Avx2.BroadcastScalarToVector256(highSums + token) : sum, TLines.BiasShift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Dot(Vector256<int> sum, Vector256<byte> weights, Vector256<sbyte> x) =>
        AvxVnni.MultiplyWideningAndAdd(sum, weights, x);

    /// <summary>The four activations of one line, for all rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<sbyte> Spread(sbyte* quants) => Avx2.BroadcastScalarToVector256((int*)quants).AsSByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quad(
        byte* lines, int line, sbyte* quants, ref Vector256<int> a0, ref Vector256<int> a1, ref Vector256<int> c0, ref Vector256<int> c1)
    {
        var q = Spread(quants);
        a0 = Dot(a0, TLines.Half(lines, line, 0), q);
        a1 = Dot(a1, TLines.Half(lines, line, 1), q);
        q = Spread(quants + 4);
        c0 = Dot(c0, TLines.Half(lines, line + 1, 0), q);
        c1 = Dot(c1, TLines.Half(lines, line + 1, 1), q);
        q = Spread(quants + 8);
        a0 = Dot(a0, TLines.Half(lines, line + 2, 0), q);
        a1 = Dot(a1, TLines.Half(lines, line + 2, 1), q);
        q = Spread(quants + 12);
        c0 = Dot(c0, TLines.Half(lines, line + 3, 0), q);
        c1 = Dot(c1, TLines.Half(lines, line + 3, 1), q);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourTokens(
        byte* lines, int line, sbyte* quants,
        ref Vector256<int> a0, ref Vector256<int> a1, ref Vector256<int> a2, ref Vector256<int> a3,
        ref Vector256<int> c0, ref Vector256<int> c1, ref Vector256<int> c2, ref Vector256<int> c3)
    {
        Step(TLines.Half(lines, line, 0), TLines.Half(lines, line, 1), quants, ref a0, ref a1, ref a2, ref a3, ref c0, ref c1, ref c2, ref c3);
        Step(TLines.Half(lines, line + 1, 0), TLines.Half(lines, line + 1, 1), quants + 4, ref a0, ref a1, ref a2, ref a3, ref c0, ref c1, ref c2, ref c3);
        Step(TLines.Half(lines, line + 2, 0), TLines.Half(lines, line + 2, 1), quants + 8, ref a0, ref a1, ref a2, ref a3, ref c0, ref c1, ref c2, ref c3);
        Step(TLines.Half(lines, line + 3, 0), TLines.Half(lines, line + 3, 1), quants + 12, ref a0, ref a1, ref a2, ref a3, ref c0, ref c1, ref c2, ref c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(
        Vector256<byte> first, Vector256<byte> second, sbyte* quants,
        ref Vector256<int> a0, ref Vector256<int> a1, ref Vector256<int> a2, ref Vector256<int> a3,
        ref Vector256<int> c0, ref Vector256<int> c1, ref Vector256<int> c2, ref Vector256<int> c3)
    {
        var q = Spread(quants);
        a0 = Dot(a0, first, q);
        c0 = Dot(c0, second, q);
        q = Spread(quants + 32);
        a1 = Dot(a1, first, q);
        c1 = Dot(c1, second, q);
        q = Spread(quants + 64);
        a2 = Dot(a2, first, q);
        c2 = Dot(c2, second, q);
        q = Spread(quants + 96);
        a3 = Dot(a3, first, q);
        c3 = Dot(c3, second, q);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        Vector512<float> scale, float* xScales,
        Vector256<int> a0, Vector256<int> a1, Vector256<int> a2, Vector256<int> a3,
        Vector256<int> c0, Vector256<int> c1, Vector256<int> c2, Vector256<int> c3,
        ref Vector512<float> f0, ref Vector512<float> f1, ref Vector512<float> f2, ref Vector512<float> f3)
    {
        f0 = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(Vector512.Create(a0, c0)), scale * Vector512.Create(xScales[0]), f0);
        f1 = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(Vector512.Create(a1, c1)), scale * Vector512.Create(xScales[1]), f1);
        f2 = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(Vector512.Create(a2, c2)), scale * Vector512.Create(xScales[2]), f2);
        f3 = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(Vector512.Create(a3, c3)), scale * Vector512.Create(xScales[3]), f3);
    }
}
