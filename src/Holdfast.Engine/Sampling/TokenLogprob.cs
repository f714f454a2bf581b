namespace Holdfast.Engine.Sampling;

/// <summary>A token with the logarithm of its probability under the model's raw logits.</summary>
internal readonly record struct TokenLogprob(int Token, double Logprob);
