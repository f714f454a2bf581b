using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>One step of an integer dot in 128 bits: four signed bytes with four signed ones into each of four sums, exactly.</summary>
internal interface IQuarterDot
{
    static abstract Vector128<int> Add(Vector128<int> sum, Vector128<sbyte> weights, Vector128<sbyte> x);
}
