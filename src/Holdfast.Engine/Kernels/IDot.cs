using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>One step of an integer dot in 256 bits: four unsigned bytes with four signed ones into each of eight sums, exactly.</summary>
internal interface IDot
{
    static abstract Vector256<int> Add(Vector256<int> sum, Vector256<byte> weights, Vector256<sbyte> x, int quantMax);
}
