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
            Vector512<short> low0 = default, low1 = default, low2 = default, low3 = default;
            Vector512<short> high0 = default, high1 = default, high2 = default, high3 = default;
            FourLines(lines, 0, q, ref low0, ref low1, ref low2, ref low3, ref high0, ref high1, ref high2, ref high3);
            FourLines(lines, 4, q + 16, ref low0, ref low1, ref low2, ref low3, ref high0, ref high1, ref high2, ref high3);
            var scale = TScales.Scale(panel.Scales, b);
            f0 = Sum(f0, scale, s, low0, high0);
            f1 = Sum(f1, scale, s + 1, low1, high1);
            f2 = Sum(f2, scale, s + 2, low2, high2);
            f3 = Sum(f3, scale, s + 3, low3, high3);
        }

        Output.Put(tile.Y, f0, f1, f2, f3, stride, tile.Adds);
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

    /// <summary>
    /// Both nibbles of four lines with four tokens. Low and high side by side, so that an input is spread once: in two passes the compiler
    /// kept all 32 of them and spilled most (seen in the disassembly).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourLines(
        byte* lines, int line, sbyte* q,
        ref Vector512<short> low0, ref Vector512<short> low1, ref Vector512<short> low2, ref Vector512<short> low3,
        ref Vector512<short> high0, ref Vector512<short> high1, ref Vector512<short> high2, ref Vector512<short> high3)
    {
        Vector512<byte> w0 = TLines.Line(lines, line), w1 = TLines.Line(lines, line + 1), w2 = TLines.Line(lines, line + 2), w3 = TLines.Line(lines, line + 3);
        Vector512<byte> h0 = High(w0), h1 = High(w1), h2 = High(w2), h3 = High(w3);
        (w0, w1, w2, w3) = (Low(w0), Low(w1), Low(w2), Low(w3));
        Token(q, w0, w1, w2, w3, h0, h1, h2, h3, ref low0, ref high0);
        Token(q + ActivationView.TokenStep, w0, w1, w2, w3, h0, h1, h2, h3, ref low1, ref high1);
        Token(q + 2 * ActivationView.TokenStep, w0, w1, w2, w3, h0, h1, h2, h3, ref low2, ref high2);
        Token(q + 3 * ActivationView.TokenStep, w0, w1, w2, w3, h0, h1, h2, h3, ref low3, ref high3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Token(
        sbyte* q, Vector512<byte> w0, Vector512<byte> w1, Vector512<byte> w2, Vector512<byte> w3,
        Vector512<byte> h0, Vector512<byte> h1, Vector512<byte> h2, Vector512<byte> h3, ref Vector512<short> low, ref Vector512<short> high)
    {
        low += WideLines.Pairs4(q, w0, w1, w2, w3);
        high += WideLines.Pairs4(q, h0, h1, h2, h3);
    }

    /// <summary>A block's share of one token's sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Sum(Vector512<float> f, Vector512<float> scale, float* s, Vector512<short> low, Vector512<short> high)
    {
        var dot = Start(s) + WideLines.Fours(low, 1) + WideLines.Fours(high, 16);
        return Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(dot), scale * Vector512.Create(*s), f);
    }
}
