namespace Holdfast.Engine.Kernels;

/// <summary>The families of kernels that multiply a tensor type.</summary>
/// <param name="One">For one token.</param>
/// <param name="Many">For a few.</param>
/// <param name="Long">From <see cref="MatrixProduct.LongTokens"/> tokens on, with panels unpacked beforehand; null: as <paramref name="Many"/>.</param>
internal readonly record struct KernelChoice(KernelTier One, KernelTier Many, KernelTier? Long)
{
    /// <summary>Everything in one family; plain code has nothing to gain from unpacked panels.</summary>
    public static KernelChoice All(KernelTier tier) => new(tier, tier, tier == KernelTier.Scalar ? null : tier);

    public override string ToString() => Long is { } unpacked ? $"one {One}, many {Many}, long {unpacked}" : $"one {One}, many {Many}";
}
