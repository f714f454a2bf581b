using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>Stores sixteen results, or adds them to what stands there.</summary>
internal static unsafe class Output
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(float* y, Vector512<float> values, bool adds) => (adds ? Vector512.Load(y) + values : values).Store(y);

    /// <summary>The results of four tokens.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(
        float* y, Vector512<float> f0, Vector512<float> f1, Vector512<float> f2, Vector512<float> f3, long stride, bool adds)
    {
        Put(y, f0, adds);
        Put(y + stride, f1, adds);
        Put(y + 2 * stride, f2, adds);
        Put(y + 3 * stride, f3, adds);
    }
}
