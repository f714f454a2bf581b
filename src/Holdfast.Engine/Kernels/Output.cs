using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>Stores sixteen results, or adds them to what stands there.</summary>
internal static unsafe class Output
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(float* y, Vector512<float> values, bool adds) => (adds ? Vector512.Load(y) + values : values).Store(y);
}
