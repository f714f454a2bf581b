namespace Holdfast.Engine.Models;

/// <summary>How finely the inputs of matrix products are rounded. Either way the same bits come out whatever the batch, threads and kernels.</summary>
public enum ActivationBits
{
    /// <summary>Fifteen for models below <see cref="ActivationRule.FineBelowWeights"/>, eight above.</summary>
    Auto,

    /// <summary>Eight bits and a scale for each 32 values, as other engines do.</summary>
    Eight,

    /// <summary>The rounding error in eight more bits: nearly float precision for twice the arithmetic.</summary>
    Fifteen,
}
