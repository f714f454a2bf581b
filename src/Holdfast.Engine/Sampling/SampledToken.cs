namespace Holdfast.Engine.Sampling;

/// <summary>The token that was chosen; the log probabilities only where they were asked for.</summary>
internal readonly record struct SampledToken(int Token, double Logprob, IReadOnlyList<TokenLogprob> Top);
