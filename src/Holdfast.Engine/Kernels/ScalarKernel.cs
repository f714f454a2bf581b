using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>The definition of a product, number by number: what the other kernels are compared with, and the way out where none of them runs.</summary>
internal sealed unsafe class ScalarKernel<TLines, TScales> : IPanelKernel
    where TLines : struct, ILines
    where TScales : struct, IScales
{
    public bool IsTiled => false;

    public void One(PanelView panel, ProductTile tile)
    {
        var view = tile.X.View(tile.Token);
        for (var row = 0; row < Lanes.Width; row++)
        {
            var sum = 0f;
            for (var b = 0; b < panel.Blocks; b++)
            {
                sum = AddBlock(panel, view, b, row, sum);
            }

            tile.Y[row] = tile.Adds ? tile.Y[row] + sum : sum;
        }
    }

    public void Four(PanelView panel, ProductTile tile, long stride)
    {
        for (var t = 0; t < Activations.TileTokens; t++)
        {
            One(panel, new ProductTile(tile.X, tile.Token + t, tile.Y + t * stride, tile.Adds));
        }
    }

    private static float AddBlock(PanelView panel, ActivationView x, int block, int row, float sum)
    {
        var lines = panel.Lines + (long)block * TLines.BlockBytes;
        var quants = x.Quants + block * ActivationView.Step;
        var place = x.Scales + block * ActivationView.FloatStep;
        var xScale = *place;
        var scale = TScales.Scale(panel.Scales, block).GetElement(row);
        var second = TScales.Second(panel.Scales, block).GetElement(row);
        if (TScales.IsSplit)
        {
            sum = MathF.FusedMultiplyAdd(Dot(lines, quants, row, 0, 16), scale * xScale, sum);
            return MathF.FusedMultiplyAdd(Dot(lines, quants, row, 16, 32), second * xScale, sum);
        }

        sum = MathF.FusedMultiplyAdd(Dot(lines, quants, row, 0, 32), scale * xScale, sum);
        return TScales.HasMinimum
            ? MathF.FusedMultiplyAdd(second, *ActivationView.ScaledSum(place), sum)
            : sum;
    }

    private static int Dot(byte* lines, sbyte* quants, int row, int from, int to)
    {
        var bias = TScales.HasMinimum ? 0 : 1 << TLines.BiasShift;
        var dot = 0;
        for (var k = from; k < to; k++)
        {
            dot += (TLines.Quant(lines, row, k) - bias) * quants[k];
        }

        return dot;
    }
}
