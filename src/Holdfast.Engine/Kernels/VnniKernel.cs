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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void One(PanelView panel, ProductTile tile)
    {
        var lines = panel.Lines;
        var view = tile.X.View(tile.Token);
        var q = view.Quants;
        var s = view.Scales;
        Vector512<float> f = default;
        for (var b = 0; b < panel.Blocks; b++, lines += TLines.BlockBytes, q += ActivationView.Step, s += ActivationView.FloatStep)
        {
            Prefetch.Block(lines, TLines.ColdBytes);
            Vector256<int> a0 = StartOf(s), a1 = a0, c0 = HighStartOf(s), c1 = c0;
            Quad(lines, 0, q, ref a0, ref a1);
            Quad(lines, 4, q + 16, ref c0, ref c1);
            f = Sum(f, s, TScales.Scale(panel.Scales, b), TScales.Second(panel.Scales, b), a0, a1, c0, c1);
        }

        Output.Put(tile.Y, f, tile.Adds);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Two(PanelView panel, ProductTile first, ProductTile second)
    {
        var lines = panel.Lines;
        var view = first.X.View(first.Token);
        var other = second.X.View(second.Token);
        var q = view.Quants;
        var s = view.Scales;
        var r = other.Quants;
        var u = other.Scales;
        Vector512<float> f = default, g = default;
        for (var b = 0; b < panel.Blocks; b++, lines += TLines.BlockBytes, q += ActivationView.Step, s += ActivationView.FloatStep)
        {
            Prefetch.Block(lines, TLines.ColdBytes);
            Vector256<int> a0 = StartOf(s), a1 = a0, c0 = HighStartOf(s), c1 = c0;
            Vector256<int> d0 = StartOf(u), d1 = d0, e0 = HighStartOf(u), e1 = e0;
            for (var line = 0; line < 4; line++)
            {
                Step(TLines.Half(lines, line, 0), TLines.Half(lines, line, 1), q + 4 * line, r + 4 * line, ref a0, ref a1, ref d0, ref d1);
                Step(TLines.Half(lines, line + 4, 0), TLines.Half(lines, line + 4, 1), q + 16 + 4 * line, r + 16 + 4 * line, ref c0, ref c1, ref e0, ref e1);
            }

            var scale = TScales.Scale(panel.Scales, b);
            var low = TScales.Second(panel.Scales, b);
            f = Sum(f, s, scale, low, a0, a1, c0, c1);
            g = Sum(g, u, scale, low, d0, d1, e0, e1);
            r += ActivationView.Step;
            u += ActivationView.FloatStep;
        }

        Output.Put(first.Y, f, first.Adds);
        Output.Put(second.Y, g, second.Adds);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Four(PanelView panel, ProductTile tile, long stride)
    {
        var lines = panel.Lines;
        var view = tile.X.View(tile.Token);
        var q = view.Quants;
        var s = view.Scales;
        Vector512<float> f0 = default, f1 = default, f2 = default, f3 = default;
        for (var b = 0; b < panel.Blocks; b++, lines += TLines.BlockBytes, q += ActivationView.Step, s += ActivationView.FloatStep)
        {
            Prefetch.Block(lines, TLines.ColdBytes);
            Vector256<int> a0 = StartOf(s), a1 = StartOf(s + 1), a2 = StartOf(s + 2), a3 = StartOf(s + 3);
            var (c0, c1, c2, c3) = (a0, a1, a2, a3);
            FourTokens(lines, 0, q, ref a0, ref a1, ref a2, ref a3, ref c0, ref c1, ref c2, ref c3);
            var scale = TScales.Scale(panel.Scales, b);
            if (TScales.IsSplit)
            {
                Add(scale, s, a0, a1, a2, a3, c0, c1, c2, c3, ref f0, ref f1, ref f2, ref f3);
                (a0, a1, a2, a3) = (HighStartOf(s), HighStartOf(s + 1), HighStartOf(s + 2), HighStartOf(s + 3));
                (c0, c1, c2, c3) = (a0, a1, a2, a3);
                scale = TScales.Second(panel.Scales, b);
            }

            FourTokens(lines, 4, q + 16, ref a0, ref a1, ref a2, ref a3, ref c0, ref c1, ref c2, ref c3);
            Add(scale, s, a0, a1, a2, a3, c0, c1, c2, c3, ref f0, ref f1, ref f2, ref f3);
            if (TScales.HasMinimum)
            {
                var minimum = TScales.Second(panel.Scales, b);
                f0 = Vector512.FusedMultiplyAdd(minimum, Vector512.Create(*ActivationView.ScaledSum(s)), f0);
                f1 = Vector512.FusedMultiplyAdd(minimum, Vector512.Create(*ActivationView.ScaledSum(s + 1)), f1);
                f2 = Vector512.FusedMultiplyAdd(minimum, Vector512.Create(*ActivationView.ScaledSum(s + 2)), f2);
                f3 = Vector512.FusedMultiplyAdd(minimum, Vector512.Create(*ActivationView.ScaledSum(s + 3)), f3);
            }
        }

        Output.Put(tile.Y, f0, f1, f2, f3, stride, tile.Adds);
    }

    /// <summary>What the first dot of a block starts from; of a split block, its first half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> StartOf(float* s)
    {
        if (TScales.HasMinimum)
        {
            return Vector256<int>.Zero;
        }

        var sum = Avx2.BroadcastScalarToVector256(ActivationView.NegatedSum(s));
        return Vector256.ShiftLeft(TScales.IsSplit ? sum - Avx2.BroadcastScalarToVector256(ActivationView.NegatedHighSum(s)) : sum, TLines.BiasShift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> HighStartOf(float* s) => TScales.IsSplit
        ? Vector256.ShiftLeft(Avx2.BroadcastScalarToVector256(ActivationView.NegatedHighSum(s)), TLines.BiasShift)
        : Vector256<int>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Dot(Vector256<int> sum, Vector256<byte> weights, Vector256<sbyte> x) =>
        AvxVnni.MultiplyWideningAndAdd(sum, weights, x);

    /// <summary>The four activations of one line, for all rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<sbyte> Spread(sbyte* quants) => Avx2.BroadcastScalarToVector256((int*)quants).AsSByte();

    /// <summary>Rows 0-7 and 8-15 as one. Vector512.Create would go through the stack (seen in the disassembly).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Join(Vector256<int> lower, Vector256<int> upper) =>
        Vector512.ConvertToSingle(lower.ToVector512Unsafe().WithUpper(upper));

    /// <summary>A block's share of one token's sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Sum(
        Vector512<float> f, float* s, Vector512<float> scale, Vector512<float> second,
        Vector256<int> a0, Vector256<int> a1, Vector256<int> c0, Vector256<int> c1)
    {
        var xScale = Vector512.Create(*s);
        if (TScales.IsSplit)
        {
            f = Vector512.FusedMultiplyAdd(Join(a0, a1), scale * xScale, f);
            return Vector512.FusedMultiplyAdd(Join(c0, c1), second * xScale, f);
        }

        f = Vector512.FusedMultiplyAdd(Join(a0 + c0, a1 + c1), scale * xScale, f);
        return TScales.HasMinimum ? Vector512.FusedMultiplyAdd(second, Vector512.Create(*ActivationView.ScaledSum(s)), f) : f;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quad(byte* lines, int line, sbyte* quants, ref Vector256<int> a0, ref Vector256<int> a1)
    {
        var q = Spread(quants);
        a0 = Dot(a0, TLines.Half(lines, line, 0), q);
        a1 = Dot(a1, TLines.Half(lines, line, 1), q);
        q = Spread(quants + 4);
        a0 = Dot(a0, TLines.Half(lines, line + 1, 0), q);
        a1 = Dot(a1, TLines.Half(lines, line + 1, 1), q);
        q = Spread(quants + 8);
        a0 = Dot(a0, TLines.Half(lines, line + 2, 0), q);
        a1 = Dot(a1, TLines.Half(lines, line + 2, 1), q);
        q = Spread(quants + 12);
        a0 = Dot(a0, TLines.Half(lines, line + 3, 0), q);
        a1 = Dot(a1, TLines.Half(lines, line + 3, 1), q);
    }

    /// <summary>One line with two tokens.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(
        Vector256<byte> lower, Vector256<byte> upper, sbyte* q, sbyte* r,
        ref Vector256<int> a0, ref Vector256<int> a1, ref Vector256<int> d0, ref Vector256<int> d1)
    {
        var x = Spread(q);
        a0 = Dot(a0, lower, x);
        a1 = Dot(a1, upper, x);
        x = Spread(r);
        d0 = Dot(d0, lower, x);
        d1 = Dot(d1, upper, x);
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
        f0 = Vector512.FusedMultiplyAdd(Join(a0, c0), scale * Vector512.Create(xScales[0]), f0);
        f1 = Vector512.FusedMultiplyAdd(Join(a1, c1), scale * Vector512.Create(xScales[1]), f1);
        f2 = Vector512.FusedMultiplyAdd(Join(a2, c2), scale * Vector512.Create(xScales[2]), f2);
        f3 = Vector512.FusedMultiplyAdd(Join(a3, c3), scale * Vector512.Create(xScales[3]), f3);
    }
}
