namespace Holdfast.Engine.Models;

/// <summary>How much one step may hold; fixes the scratch memory.</summary>
/// <param name="Tokens">Tokens of all sequences together.</param>
/// <param name="LogitRows">Rows of logits.</param>
/// <param name="ContextTokens">Longest sequence.</param>
/// <param name="IsFine">Activations of 15 bits instead of 8.</param>
internal readonly record struct ForwardLimits(int Tokens, int LogitRows, int ContextTokens, bool IsFine);
