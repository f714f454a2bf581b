using System.Runtime.CompilerServices;

namespace Holdfast.Engine.Kernels;

/// <summary>
/// The quantised row of one token, block by block; for a tile of four it is the first token's. A block of four tokens is a record of
/// 192 bytes, so that a kernel walks along one pointer with constant offsets:
/// <code>
/// 128 bytes: quants of t0, t1, t2, t3, 32 each     16: scales     16: -sums     16: -sums of the second halves     16: scale x sum
/// </code>
/// </summary>
internal readonly unsafe struct ActivationView(sbyte* quants, float* scales)
{
    /// <summary>From a block to the next of the same token.</summary>
    public const int Step = 192;

    /// <summary>From a token's quants to those of the next in the tile.</summary>
    public const int TokenStep = Activations.BlockLength;

    /// <summary>The step in floats, for <see cref="Scales"/>.</summary>
    public const int FloatStep = Step / sizeof(float);

    public readonly sbyte* Quants = quants;

    /// <summary>The token's scale; the next token's is the next float. The other numbers of the block are found from here.</summary>
    public readonly float* Scales = scales;

    /// <summary>The negated sum of the quants: kernels keep weights unsigned and start their sums at -sum x bias.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int* NegatedSum(float* scale) => (int*)scale + 4;

    /// <summary>Of the second sixteen alone, for types with two scales a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int* NegatedHighSum(float* scale) => (int*)scale + 8;

    /// <summary>Scale x sum: what a minimum is multiplied with.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* ScaledSum(float* scale) => scale + 12;
}
