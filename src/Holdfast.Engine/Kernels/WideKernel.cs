using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>
/// For 4, 5 and 6-bit weights with AVX-512 (<see cref="WideLines"/>): the one for processors without a VNNI that .NET 10 could use
/// (Zen 4, Ice Lake, Cascade Lake), and faster than VNNI where both are there. A block's eight lines are unpacked once for up to
/// eight tokens and stay in registers beside their sums.
/// </summary>
internal sealed unsafe class WideKernel<TLines, TScales> : IPanelKernel
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
            f = Token(
                f, q, s, TScales.Scale(panel.Scales, b), TScales.Second(panel.Scales, b),
                TLines.Line(lines, 0), TLines.Line(lines, 1), TLines.Line(lines, 2), TLines.Line(lines, 3),
                TLines.Line(lines, 4), TLines.Line(lines, 5), TLines.Line(lines, 6), TLines.Line(lines, 7));
        }

        Output.Put(tile.Y, f, tile.Adds);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Two(PanelView panel, ProductTile first, ProductTile second)
    {
        var lines = panel.Lines;
        var view = first.X.View(first.Token);
        var other = second.X.View(second.Token);
        var (q, r) = ((nint)view.Quants, (nint)other.Quants);
        var s = view.Scales;
        var u = other.Scales;
        Vector512<float> f = default, g = default;
        for (var b = 0; b < panel.Blocks; b++, lines += TLines.BlockBytes)
        {
            Prefetch.Block(lines, TLines.ColdBytes);
            var scale = TScales.Scale(panel.Scales, b);
            var low = TScales.Second(panel.Scales, b);
            Vector512<byte> w0 = TLines.Line(lines, 0), w1 = TLines.Line(lines, 1), w2 = TLines.Line(lines, 2), w3 = TLines.Line(lines, 3);
            Vector512<byte> w4 = TLines.Line(lines, 4), w5 = TLines.Line(lines, 5), w6 = TLines.Line(lines, 6), w7 = TLines.Line(lines, 7);
            f = Token(f, (sbyte*)q, s, scale, low, w0, w1, w2, w3, w4, w5, w6, w7);
            g = Token(g, (sbyte*)r, u, scale, low, w0, w1, w2, w3, w4, w5, w6, w7);
            (q, r) = (q + ActivationView.Step, r + ActivationView.Step);
            s += ActivationView.FloatStep;
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
            var scale = TScales.Scale(panel.Scales, b);
            var second = TScales.Second(panel.Scales, b);
            Vector512<byte> w0 = TLines.Line(lines, 0), w1 = TLines.Line(lines, 1), w2 = TLines.Line(lines, 2), w3 = TLines.Line(lines, 3);
            Vector512<byte> w4 = TLines.Line(lines, 4), w5 = TLines.Line(lines, 5), w6 = TLines.Line(lines, 6), w7 = TLines.Line(lines, 7);
            Tile(q, s, scale, second, w0, w1, w2, w3, w4, w5, w6, w7, ref f0, ref f1, ref f2, ref f3);
        }

        Output.Put(tile.Y, f0, f1, f2, f3, stride, tile.Adds);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Eight(PanelView panel, ProductTile first, ProductTile second, long stride)
    {
        var lines = panel.Lines;
        var view = first.X.View(first.Token);
        var other = second.X.View(second.Token);
        var q = view.Quants;
        var s = view.Scales;
        var r = other.Quants;
        var u = other.Scales;
        Vector512<float> f0 = default, f1 = default, f2 = default, f3 = default, g0 = default, g1 = default, g2 = default, g3 = default;
        for (var b = 0; b < panel.Blocks; b++, lines += TLines.BlockBytes, q += ActivationView.Step, s += ActivationView.FloatStep)
        {
            Prefetch.Block(lines, TLines.ColdBytes);
            var scale = TScales.Scale(panel.Scales, b);
            var low = TScales.Second(panel.Scales, b);
            Vector512<byte> w0 = TLines.Line(lines, 0), w1 = TLines.Line(lines, 1), w2 = TLines.Line(lines, 2), w3 = TLines.Line(lines, 3);
            Vector512<byte> w4 = TLines.Line(lines, 4), w5 = TLines.Line(lines, 5), w6 = TLines.Line(lines, 6), w7 = TLines.Line(lines, 7);
            Tile(q, s, scale, low, w0, w1, w2, w3, w4, w5, w6, w7, ref f0, ref f1, ref f2, ref f3);
            Tile(r, u, scale, low, w0, w1, w2, w3, w4, w5, w6, w7, ref g0, ref g1, ref g2, ref g3);
            r += ActivationView.Step;
            u += ActivationView.FloatStep;
        }

        Output.Put(first.Y, f0, f1, f2, f3, stride, first.Adds);
        Output.Put(second.Y, g0, g1, g2, g3, stride, second.Adds);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile(
        sbyte* q, float* s, Vector512<float> scale, Vector512<float> second,
        Vector512<byte> w0, Vector512<byte> w1, Vector512<byte> w2, Vector512<byte> w3,
        Vector512<byte> w4, Vector512<byte> w5, Vector512<byte> w6, Vector512<byte> w7,
        ref Vector512<float> f0, ref Vector512<float> f1, ref Vector512<float> f2, ref Vector512<float> f3)
    {
        f0 = Token(f0, q, s, scale, second, w0, w1, w2, w3, w4, w5, w6, w7);
        f1 = Token(f1, q + ActivationView.TokenStep, s + 1, scale, second, w0, w1, w2, w3, w4, w5, w6, w7);
        f2 = Token(f2, q + 2 * ActivationView.TokenStep, s + 2, scale, second, w0, w1, w2, w3, w4, w5, w6, w7);
        f3 = Token(f3, q + 3 * ActivationView.TokenStep, s + 3, scale, second, w0, w1, w2, w3, w4, w5, w6, w7);
    }

    /// <summary>A block's share of one token's sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Token(
        Vector512<float> f, sbyte* q, float* s, Vector512<float> scale, Vector512<float> second,
        Vector512<byte> w0, Vector512<byte> w1, Vector512<byte> w2, Vector512<byte> w3,
        Vector512<byte> w4, Vector512<byte> w5, Vector512<byte> w6, Vector512<byte> w7)
    {
        var xScale = Vector512.Create(*s);
        var negated = Vector512.Create(*ActivationView.NegatedSum(s));
        if (TScales.IsSplit)
        {
            var negatedHigh = Vector512.Create(*ActivationView.NegatedHighSum(s));
            var low = WideLines.Four(TLines.QuantMax, q, w0, w1, w2, w3) + Vector512.ShiftLeft(negated - negatedHigh, TLines.BiasShift);
            var high = WideLines.Four(TLines.QuantMax, q + 16, w4, w5, w6, w7) + Vector512.ShiftLeft(negatedHigh, TLines.BiasShift);
            f = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(low), scale * xScale, f);
            return Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(high), second * xScale, f);
        }

        var dot = WideLines.Eight(TLines.QuantMax, q, w0, w1, w2, w3, w4, w5, w6, w7);
        if (TScales.HasMinimum)
        {
            f = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(dot), scale * xScale, f);
            return Vector512.FusedMultiplyAdd(second, Vector512.Create(*ActivationView.ScaledSum(s)), f);
        }

        return Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(dot + Vector512.ShiftLeft(negated, TLines.BiasShift)), scale * xScale, f);
    }
}
