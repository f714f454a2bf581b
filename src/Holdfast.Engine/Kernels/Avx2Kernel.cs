using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Holdfast.Engine.Kernels;

/// <summary>For processors without AVX-512: everything in 256 bits, with AVX-VNNI where it is there.</summary>
internal sealed unsafe class Avx2Kernel<TLines, TScales, TDot> : IPanelKernel
    where TLines : struct, ILines
    where TScales : struct, IScales
    where TDot : struct, IDot
{
    public bool IsTiled => false;

    public void One(PanelView panel, ProductTile tile) => Token(panel, tile, TLines.ColdBytes);

    public void Four(PanelView panel, ProductTile tile, long stride)
    {
        for (var t = 0; t < Activations.TileTokens; t++)
        {
            Token(panel, new ProductTile(tile.X, tile.Token + t, tile.Y + t * stride, tile.Adds), t == 0 ? TLines.ColdBytes : 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Token(PanelView panel, ProductTile tile, int coldBytes)
    {
        var view = tile.X.View(tile.Token);
        var lines = panel.Lines;
        var quants = view.Quants;
        var place = view.Scales;
        var (f0, f1) = (Vector256<float>.Zero, Vector256<float>.Zero);
        for (var b = 0; b < panel.Blocks; b++, lines += TLines.BlockBytes, quants += ActivationView.Step, place += ActivationView.FloatStep)
        {
            Prefetch.Block(lines, coldBytes);
            var xScale = Vector256.Create(*place);
            var scale = TScales.Scale(panel.Scales, b);
            var negated = *ActivationView.NegatedSum(place);
            var start = Bias(TScales.IsSplit ? negated - *ActivationView.NegatedHighSum(place) : negated);
            var (a0, a1) = (start, start);
            Quad(lines, 0, quants, ref a0, ref a1);
            if (TScales.IsSplit)
            {
                f0 = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(a0), scale.GetLower() * xScale, f0);
                f1 = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(a1), scale.GetUpper() * xScale, f1);
                a0 = a1 = Bias(*ActivationView.NegatedHighSum(place));
                scale = TScales.Second(panel.Scales, b);
            }

            Quad(lines, 4, quants + 16, ref a0, ref a1);
            f0 = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(a0), scale.GetLower() * xScale, f0);
            f1 = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(a1), scale.GetUpper() * xScale, f1);
            if (TScales.HasMinimum)
            {
                var minimum = TScales.Second(panel.Scales, b);
                var weight = Vector256.Create(*ActivationView.ScaledSum(place));
                f0 = Vector256.FusedMultiplyAdd(minimum.GetLower(), weight, f0);
                f1 = Vector256.FusedMultiplyAdd(minimum.GetUpper(), weight, f1);
            }
        }

        (tile.Adds ? Vector256.Load(tile.Y) + f0 : f0).Store(tile.Y);
        (tile.Adds ? Vector256.Load(tile.Y + 8) + f1 : f1).Store(tile.Y + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Bias(int negatedSum) =>
        TScales.HasMinimum ? Vector256<int>.Zero : Vector256.Create(negatedSum << TLines.BiasShift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quad(byte* lines, int line, sbyte* quants, ref Vector256<int> a0, ref Vector256<int> a1)
    {
        Step(lines, line, quants, ref a0, ref a1);
        Step(lines, line + 1, quants + 4, ref a0, ref a1);
        Step(lines, line + 2, quants + 8, ref a0, ref a1);
        Step(lines, line + 3, quants + 12, ref a0, ref a1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(byte* lines, int line, sbyte* quants, ref Vector256<int> a0, ref Vector256<int> a1)
    {
        var q = Avx2.BroadcastScalarToVector256((int*)quants).AsSByte();
        a0 = TDot.Add(a0, TLines.Half(lines, line, 0), q, TLines.QuantMax);
        a1 = TDot.Add(a1, TLines.Half(lines, line, 1), q, TLines.QuantMax);
    }
}
