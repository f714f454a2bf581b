using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>
/// For values of 8 bits (Q8_0, and IQ4_NL, whose nibbles choose from 8-bit values) with AVX-512 and no VNNI: each byte is split into
/// its nibbles, and the sums of the high ones enter sixteenfold.
/// </summary>
internal sealed unsafe class WideByteKernel<TLines, TScales> : IPanelKernel
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
            Vector512<byte> w0 = TLines.Line(lines, 0), w1 = TLines.Line(lines, 1), w2 = TLines.Line(lines, 2), w3 = TLines.Line(lines, 3);
            Vector512<byte> w4 = TLines.Line(lines, 4), w5 = TLines.Line(lines, 5), w6 = TLines.Line(lines, 6), w7 = TLines.Line(lines, 7);
            var dot = Dot(Start(s), 1, q, Low(w0), Low(w1), Low(w2), Low(w3), Low(w4), Low(w5), Low(w6), Low(w7));
            dot = Dot(dot, 16, q, High(w0), High(w1), High(w2), High(w3), High(w4), High(w5), High(w6), High(w7));
            f = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(dot), TScales.Scale(panel.Scales, b) * Vector512.Create(*s), f);
        }

        Output.Put(tile.Y, f, tile.Adds);
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
            Vector512<int> a0 = Start(s), a1 = Start(s + 1), a2 = Start(s + 2), a3 = Start(s + 3);
            Tile(
                1, q, Low(TLines.Line(lines, 0)), Low(TLines.Line(lines, 1)), Low(TLines.Line(lines, 2)), Low(TLines.Line(lines, 3)),
                Low(TLines.Line(lines, 4)), Low(TLines.Line(lines, 5)), Low(TLines.Line(lines, 6)), Low(TLines.Line(lines, 7)), ref a0, ref a1, ref a2, ref a3);
            Tile(
                16, q, High(TLines.Line(lines, 0)), High(TLines.Line(lines, 1)), High(TLines.Line(lines, 2)), High(TLines.Line(lines, 3)),
                High(TLines.Line(lines, 4)), High(TLines.Line(lines, 5)), High(TLines.Line(lines, 6)), High(TLines.Line(lines, 7)), ref a0, ref a1, ref a2, ref a3);
            Add(TScales.Scale(panel.Scales, b), s, a0, a1, a2, a3, ref f0, ref f1, ref f2, ref f3);
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
            Vector512<int> a0 = Start(s), a1 = Start(s + 1), a2 = Start(s + 2), a3 = Start(s + 3);
            Vector512<int> c0 = Start(u), c1 = Start(u + 1), c2 = Start(u + 2), c3 = Start(u + 3);
            Vector512<byte> w0 = Low(TLines.Line(lines, 0)), w1 = Low(TLines.Line(lines, 1)), w2 = Low(TLines.Line(lines, 2)), w3 = Low(TLines.Line(lines, 3));
            Vector512<byte> w4 = Low(TLines.Line(lines, 4)), w5 = Low(TLines.Line(lines, 5)), w6 = Low(TLines.Line(lines, 6)), w7 = Low(TLines.Line(lines, 7));
            Tile(1, q, w0, w1, w2, w3, w4, w5, w6, w7, ref a0, ref a1, ref a2, ref a3);
            Tile(1, r, w0, w1, w2, w3, w4, w5, w6, w7, ref c0, ref c1, ref c2, ref c3);
            (w0, w1, w2, w3) = (High(TLines.Line(lines, 0)), High(TLines.Line(lines, 1)), High(TLines.Line(lines, 2)), High(TLines.Line(lines, 3)));
            (w4, w5, w6, w7) = (High(TLines.Line(lines, 4)), High(TLines.Line(lines, 5)), High(TLines.Line(lines, 6)), High(TLines.Line(lines, 7)));
            Tile(16, q, w0, w1, w2, w3, w4, w5, w6, w7, ref a0, ref a1, ref a2, ref a3);
            Tile(16, r, w0, w1, w2, w3, w4, w5, w6, w7, ref c0, ref c1, ref c2, ref c3);
            var scale = TScales.Scale(panel.Scales, b);
            Add(scale, s, a0, a1, a2, a3, ref f0, ref f1, ref f2, ref f3);
            Add(scale, u, c0, c1, c2, c3, ref g0, ref g1, ref g2, ref g3);
            r += ActivationView.Step;
            u += ActivationView.FloatStep;
        }

        Output.Put(first.Y, f0, f1, f2, f3, stride, first.Adds);
        Output.Put(second.Y, g0, g1, g2, g3, stride, second.Adds);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Low(Vector512<byte> bytes) => bytes & Vector512.Create((byte)15);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> High(Vector512<byte> bytes) => Vector512.ShiftRightLogical(bytes.AsUInt16(), 4).AsByte() & Vector512.Create((byte)15);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Start(float* s) => Vector512.ShiftLeft(Vector512.Create(*ActivationView.NegatedSum(s)), TLines.BiasShift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Dot(
        Vector512<int> start, short factor, sbyte* q,
        Vector512<byte> w0, Vector512<byte> w1, Vector512<byte> w2, Vector512<byte> w3,
        Vector512<byte> w4, Vector512<byte> w5, Vector512<byte> w6, Vector512<byte> w7) =>
        start + WideLines.Fours(WideLines.Pairs4(q, w0, w1, w2, w3) + WideLines.Pairs4(q + 16, w4, w5, w6, w7), factor);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile(
        short factor, sbyte* q,
        Vector512<byte> w0, Vector512<byte> w1, Vector512<byte> w2, Vector512<byte> w3,
        Vector512<byte> w4, Vector512<byte> w5, Vector512<byte> w6, Vector512<byte> w7,
        ref Vector512<int> a0, ref Vector512<int> a1, ref Vector512<int> a2, ref Vector512<int> a3)
    {
        a0 = Dot(a0, factor, q, w0, w1, w2, w3, w4, w5, w6, w7);
        a1 = Dot(a1, factor, q + ActivationView.TokenStep, w0, w1, w2, w3, w4, w5, w6, w7);
        a2 = Dot(a2, factor, q + 2 * ActivationView.TokenStep, w0, w1, w2, w3, w4, w5, w6, w7);
        a3 = Dot(a3, factor, q + 3 * ActivationView.TokenStep, w0, w1, w2, w3, w4, w5, w6, w7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        Vector512<float> scale, float* s, Vector512<int> a0, Vector512<int> a1, Vector512<int> a2, Vector512<int> a3,
        ref Vector512<float> f0, ref Vector512<float> f1, ref Vector512<float> f2, ref Vector512<float> f3)
    {
        f0 = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(a0), scale * Vector512.Create(s[0]), f0);
        f1 = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(a1), scale * Vector512.Create(s[1]), f1);
        f2 = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(a2), scale * Vector512.Create(s[2]), f2);
        f3 = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(a3), scale * Vector512.Create(s[3]), f3);
    }
}
