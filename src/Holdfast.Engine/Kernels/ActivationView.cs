namespace Holdfast.Engine.Kernels;

/// <summary>
/// The quantised row of one token; for a tile of four it is the first token's, and the others follow at fixed distances: 32 quants,
/// one scale, one sum. The next block lies 128 quants, 4 scales, 4 sums on.
/// </summary>
internal readonly unsafe struct ActivationView(sbyte* quants, float* scales, int* negatedSums, int* negatedHighSums)
{
    public readonly sbyte* Quants = quants;
    public readonly float* Scales = scales;
    public readonly int* NegatedSums = negatedSums;

    /// <summary>Sums of the second sixteen of a block alone, for types with two scales a block.</summary>
    public readonly int* NegatedHighSums = negatedHighSums;
}
