using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Holdfast.Engine.Kernels;

/// <summary>
/// For processors with AVX-512 and no VNNI that .NET 10 could use (Zen 4, Ice Lake, Cascade Lake); for 4-bit weights it beats VNNI.
/// VPMADDUBSW adds two products in 16 bits, where 255 x 127 x 2 would overflow: 4-bit and 5-bit values stay below for four lines
/// (31 x 127 x 2 x 4 = 31,496), 6-bit ones for two (32,004), bytes are split into nibbles (15 x 127 x 2 x 4 = 15,240). So it is exact.
/// </summary>
internal sealed unsafe class WideKernel<TLines, TScales> : IPanelKernel
    where TLines : struct, ILines
    where TScales : struct, IScales
{
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
            var negated = view.NegatedSums[b * 4];
            if (TScales.IsSplit)
            {
                var negatedHigh = view.NegatedHighSums[b * 4];
                var low = Quad(lines, 0, quants) + Bias(negated - negatedHigh);
                var high = Quad(lines, 4, quants + 16) + Bias(negatedHigh);
                sum = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(low), scale, sum);
                sum = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(high), TScales.Second(panel.Scales, b) * Vector512.Create(xScale), sum);
                continue;
            }

            var dot = Quad(lines, 0, quants) + Quad(lines, 4, quants + 16) + Bias(negated);
            sum = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(dot), scale, sum);
            if (TScales.HasMinimum)
            {
                sum = Vector512.FusedMultiplyAdd(TScales.Second(panel.Scales, b), Vector512.Create(xScale * -negated), sum);
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
            Vector512<int> a0 = Start(sums, highSums, 0), a1 = Start(sums, highSums, 1), a2 = Start(sums, highSums, 2), a3 = Start(sums, highSums, 3);
            FourTokens(lines, 0, quants, ref a0, ref a1, ref a2, ref a3);
            var scale = TScales.Scale(panel.Scales, b);
            if (TScales.IsSplit)
            {
                Add(scale, scales, a0, a1, a2, a3, ref f0, ref f1, ref f2, ref f3);
                (a0, a1, a2, a3) = (Bias(highSums[0]), Bias(highSums[1]), Bias(highSums[2]), Bias(highSums[3]));
                scale = TScales.Second(panel.Scales, b);
            }

            FourTokens(lines, 4, quants + 16, ref a0, ref a1, ref a2, ref a3);
            Add(scale, scales, a0, a1, a2, a3, ref f0, ref f1, ref f2, ref f3);
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
    private static Vector512<int> Bias(int negatedSum) =>
        TScales.HasMinimum ? Vector512<int>.Zero : Vector512.Create(negatedSum << TLines.BiasShift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Start(int* sums, int* highSums, int token) =>
        Bias(TScales.IsSplit ? sums[token] - highSums[token] : sums[token]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<sbyte> Spread(sbyte* quants) => Vector512.Create(*(int*)quants).AsSByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Pairs(Vector512<byte> weights, sbyte* quants) =>
        Avx512BW.MultiplyAddAdjacent(weights, Spread(quants));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Fours(Vector512<short> pairs, short factor) =>
        Avx512BW.MultiplyAddAdjacent(pairs, Vector512.Create(factor));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Quad(byte* lines, int line, sbyte* quants) => QuadOf(
        TLines.Line(lines, line), TLines.Line(lines, line + 1), TLines.Line(lines, line + 2), TLines.Line(lines, line + 3), quants);

    /// <summary>Four lines with one token: an integer for each row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> QuadOf(Vector512<byte> w0, Vector512<byte> w1, Vector512<byte> w2, Vector512<byte> w3, sbyte* quants)
    {
        if (TLines.QuantMax <= 31)
        {
            return Fours(Pairs(w0, quants) + Pairs(w1, quants + 4) + (Pairs(w2, quants + 8) + Pairs(w3, quants + 12)), 1);
        }

        if (TLines.QuantMax <= 63)
        {
            return Fours(Pairs(w0, quants) + Pairs(w1, quants + 4), 1) + Fours(Pairs(w2, quants + 8) + Pairs(w3, quants + 12), 1);
        }

        var low = Pairs(Low(w0), quants) + Pairs(Low(w1), quants + 4) + (Pairs(Low(w2), quants + 8) + Pairs(Low(w3), quants + 12));
        var high = Pairs(High(w0), quants) + Pairs(High(w1), quants + 4) + (Pairs(High(w2), quants + 8) + Pairs(High(w3), quants + 12));
        return Fours(low, 1) + Fours(high, 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Low(Vector512<byte> bytes) => bytes & Vector512.Create((byte)15);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> High(Vector512<byte> bytes) =>
        Vector512.ShiftRightLogical(bytes.AsUInt16(), 4).AsByte() & Vector512.Create((byte)15);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourTokens(
        byte* lines, int line, sbyte* quants, ref Vector512<int> a0, ref Vector512<int> a1, ref Vector512<int> a2, ref Vector512<int> a3)
    {
        var w0 = TLines.Line(lines, line);
        var w1 = TLines.Line(lines, line + 1);
        var w2 = TLines.Line(lines, line + 2);
        var w3 = TLines.Line(lines, line + 3);
        a0 += QuadOf(w0, w1, w2, w3, quants);
        a1 += QuadOf(w0, w1, w2, w3, quants + 32);
        a2 += QuadOf(w0, w1, w2, w3, quants + 64);
        a3 += QuadOf(w0, w1, w2, w3, quants + 96);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        Vector512<float> scale, float* xScales, Vector512<int> a0, Vector512<int> a1, Vector512<int> a2, Vector512<int> a3,
        ref Vector512<float> f0, ref Vector512<float> f1, ref Vector512<float> f2, ref Vector512<float> f3)
    {
        f0 = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(a0), scale * Vector512.Create(xScales[0]), f0);
        f1 = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(a1), scale * Vector512.Create(xScales[1]), f1);
        f2 = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(a2), scale * Vector512.Create(xScales[2]), f2);
        f3 = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(a3), scale * Vector512.Create(xScales[3]), f3);
    }
}
