namespace Holdfast.Engine.Models;

/// <summary>
/// When fine activations are worth their time. On SmolLM2-135M eight bits move the output by a mean divergence of .0031 from float64
/// (llama.cpp: .0052) and flip near ties; fifteen bits by less than .00001. Small models feel it most and are fast enough.
/// </summary>
internal static class ActivationRule
{
    public const long FineBelowWeights = 400_000_000;

    public static bool IsFine(ActivationBits bits, ModelWeights weights) => bits switch
    {
        ActivationBits.Eight => false,
        ActivationBits.Fifteen => true,
        _ => weights.Numbers < FineBelowWeights,
    };
}
