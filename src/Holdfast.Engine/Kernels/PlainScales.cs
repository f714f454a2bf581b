using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>The same scales as <typeparamref name="TScales"/>, computed beforehand: sixteen floats, and sixteen more where there is a second.</summary>
internal readonly unsafe struct PlainScales<TScales> : IScales
    where TScales : struct, IScales
{
    private const int VectorBytes = 64;

    public static int BlockBytes => VectorBytes * TScales.Vectors;

    public static bool HasMinimum => TScales.HasMinimum;

    public static bool IsSplit => TScales.IsSplit;

    public static int Vectors => TScales.Vectors;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Scale(byte* scales, int block) => Vector512.Load((float*)(scales + block * BlockBytes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Second(byte* scales, int block) =>
        Vector512.Load((float*)(scales + block * BlockBytes + VectorBytes * (TScales.Vectors - 1)));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(PanelView panel, byte* scales)
    {
        for (var b = 0; b < panel.Blocks; b++, scales += BlockBytes)
        {
            TScales.Scale(panel.Scales, b).Store((float*)scales);
            if (Vectors > 1)
            {
                TScales.Second(panel.Scales, b).Store((float*)(scales + VectorBytes));
            }
        }
    }
}
