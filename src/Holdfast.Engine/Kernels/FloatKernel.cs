using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>
/// Floating-point weights with float activations. Four sums, column k in sum k mod 4, joined as (0 + 1) + (2 + 3): one sum alone
/// would wait for the latency of each fused multiply-add.
/// </summary>
internal sealed unsafe class FloatKernel<TFloats> : IPanelKernel
    where TFloats : struct, IFloats
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void One(PanelView panel, ProductTile tile)
    {
        var w = panel.Lines;
        var row = tile.X.Pointer(tile.Token);
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (var k = 0; k < panel.Blocks * Activations.BlockLength; k += 4, w += 64 * TFloats.Bytes)
        {
            s0 = Vector512.FusedMultiplyAdd(TFloats.Load(w), Vector512.Create(row[k]), s0);
            s1 = Vector512.FusedMultiplyAdd(TFloats.Load(w + 16 * TFloats.Bytes), Vector512.Create(row[k + 1]), s1);
            s2 = Vector512.FusedMultiplyAdd(TFloats.Load(w + 32 * TFloats.Bytes), Vector512.Create(row[k + 2]), s2);
            s3 = Vector512.FusedMultiplyAdd(TFloats.Load(w + 48 * TFloats.Bytes), Vector512.Create(row[k + 3]), s3);
        }

        Output.Put(tile.Y, s0 + s1 + (s2 + s3), tile.Adds);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Four(PanelView panel, ProductTile tile, long stride)
    {
        var (x, token, adds) = (tile.X, tile.Token, tile.Adds);
        var y = tile.Y;
        var w = panel.Lines;
        float* r0 = x.Pointer(token), r1 = x.Pointer(token + 1), r2 = x.Pointer(token + 2), r3 = x.Pointer(token + 3);
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
        for (var k = 0; k < panel.Blocks * Activations.BlockLength; k += 4, w += 64 * TFloats.Bytes)
        {
            Column(TFloats.Load(w), r0 + k, r1 + k, r2 + k, r3 + k, ref a0, ref b0, ref c0, ref d0);
            Column(TFloats.Load(w + 16 * TFloats.Bytes), r0 + k + 1, r1 + k + 1, r2 + k + 1, r3 + k + 1, ref a1, ref b1, ref c1, ref d1);
            Column(TFloats.Load(w + 32 * TFloats.Bytes), r0 + k + 2, r1 + k + 2, r2 + k + 2, r3 + k + 2, ref a2, ref b2, ref c2, ref d2);
            Column(TFloats.Load(w + 48 * TFloats.Bytes), r0 + k + 3, r1 + k + 3, r2 + k + 3, r3 + k + 3, ref a3, ref b3, ref c3, ref d3);
        }

        Output.Put(y, a0 + a1 + (a2 + a3), adds);
        Output.Put(y + stride, b0 + b1 + (b2 + b3), adds);
        Output.Put(y + 2 * stride, c0 + c1 + (c2 + c3), adds);
        Output.Put(y + 3 * stride, d0 + d1 + (d2 + d3), adds);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column(
        Vector512<float> w, float* x0, float* x1, float* x2, float* x3,
        ref Vector512<float> a, ref Vector512<float> b, ref Vector512<float> c, ref Vector512<float> d)
    {
        a = Vector512.FusedMultiplyAdd(w, Vector512.Create(*x0), a);
        b = Vector512.FusedMultiplyAdd(w, Vector512.Create(*x1), b);
        c = Vector512.FusedMultiplyAdd(w, Vector512.Create(*x2), c);
        d = Vector512.FusedMultiplyAdd(w, Vector512.Create(*x3), d);
    }
}
