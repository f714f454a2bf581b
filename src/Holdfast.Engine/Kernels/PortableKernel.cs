using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>
/// 128 bits, written in operations that every processor of .NET has: what ARM64 runs, and any x86 without AVX2. Signed bytes meet
/// signed bytes here; values of 8 bits, which are stored with 128 added, lose that again by one bit flip, and so need no bias.
/// </summary>
internal sealed unsafe class PortableKernel<TLines, TScales, TDot> : IPanelKernel
    where TLines : struct, ILines
    where TScales : struct, IScales
    where TDot : struct, IQuarterDot
{
    public bool IsTiled => false;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void One(PanelView panel, ProductTile tile)
    {
        var lines = panel.Lines;
        var view = tile.X.View(tile.Token);
        var q = view.Quants;
        var s = view.Scales;
        Vector128<float> f0 = default, f1 = default, f2 = default, f3 = default;
        for (var b = 0; b < panel.Blocks; b++, lines += TLines.BlockBytes, q += ActivationView.Step, s += ActivationView.FloatStep)
        {
            var xScale = Vector128.Create(*s);
            var scale = TScales.Scale(panel.Scales, b);
            var start = Start(TScales.IsSplit ? *ActivationView.NegatedSum(s) - *ActivationView.NegatedHighSum(s) : *ActivationView.NegatedSum(s));
            Vector128<int> a0 = start, a1 = start, a2 = start, a3 = start;
            Lines(lines, 0, q, ref a0, ref a1, ref a2, ref a3);
            if (TScales.IsSplit)
            {
                Add(scale, xScale, a0, a1, a2, a3, ref f0, ref f1, ref f2, ref f3);
                a0 = a1 = a2 = a3 = Start(*ActivationView.NegatedHighSum(s));
                scale = TScales.Second(panel.Scales, b);
            }

            Lines(lines, 4, q + 16, ref a0, ref a1, ref a2, ref a3);
            Add(scale, xScale, a0, a1, a2, a3, ref f0, ref f1, ref f2, ref f3);
            if (TScales.HasMinimum)
            {
                var minimum = TScales.Second(panel.Scales, b);
                var weight = Vector128.Create(*ActivationView.ScaledSum(s));
                f0 = Vector128.FusedMultiplyAdd(minimum.GetLower().GetLower(), weight, f0);
                f1 = Vector128.FusedMultiplyAdd(minimum.GetLower().GetUpper(), weight, f1);
                f2 = Vector128.FusedMultiplyAdd(minimum.GetUpper().GetLower(), weight, f2);
                f3 = Vector128.FusedMultiplyAdd(minimum.GetUpper().GetUpper(), weight, f3);
            }
        }

        Put(tile, 0, f0);
        Put(tile, 4, f1);
        Put(tile, 8, f2);
        Put(tile, 12, f3);
    }

    public void Four(PanelView panel, ProductTile tile, long stride)
    {
        for (var t = 0; t < Activations.TileTokens; t++)
        {
            One(panel, new ProductTile(tile.X, tile.Token + t, tile.Y + t * stride, tile.Adds));
        }
    }

    /// <summary>Values above 127 do not fit a signed byte: they are taken 128 lower, which is their bias.</summary>
    private static bool IsFlipped => TLines.QuantMax > 127;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Start(int negatedSum) =>
        TScales.HasMinimum || IsFlipped ? Vector128<int>.Zero : Vector128.Create(negatedSum << TLines.BiasShift);

    /// <summary>Four lines with one token, four rows in each sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Lines(byte* lines, int line, sbyte* q, ref Vector128<int> a0, ref Vector128<int> a1, ref Vector128<int> a2, ref Vector128<int> a3)
    {
        for (var i = 0; i < 4; i++)
        {
            var x = Vector128.Create(*(int*)(q + 4 * i)).AsSByte();
            a0 = TDot.Add(a0, Signed(TLines.Quarter(lines, line + i, 0)), x);
            a1 = TDot.Add(a1, Signed(TLines.Quarter(lines, line + i, 1)), x);
            a2 = TDot.Add(a2, Signed(TLines.Quarter(lines, line + i, 2)), x);
            a3 = TDot.Add(a3, Signed(TLines.Quarter(lines, line + i, 3)), x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<sbyte> Signed(Vector128<byte> values) => (IsFlipped ? values ^ Vector128.Create((byte)128) : values).AsSByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        Vector512<float> scale, Vector128<float> xScale, Vector128<int> a0, Vector128<int> a1, Vector128<int> a2, Vector128<int> a3,
        ref Vector128<float> f0, ref Vector128<float> f1, ref Vector128<float> f2, ref Vector128<float> f3)
    {
        f0 = Vector128.FusedMultiplyAdd(Vector128.ConvertToSingle(a0), scale.GetLower().GetLower() * xScale, f0);
        f1 = Vector128.FusedMultiplyAdd(Vector128.ConvertToSingle(a1), scale.GetLower().GetUpper() * xScale, f1);
        f2 = Vector128.FusedMultiplyAdd(Vector128.ConvertToSingle(a2), scale.GetUpper().GetLower() * xScale, f2);
        f3 = Vector128.FusedMultiplyAdd(Vector128.ConvertToSingle(a3), scale.GetUpper().GetUpper() * xScale, f3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(ProductTile tile, int row, Vector128<float> values) =>
        (tile.Adds ? Vector128.Load(tile.Y + row) + values : values).Store(tile.Y + row);
}
