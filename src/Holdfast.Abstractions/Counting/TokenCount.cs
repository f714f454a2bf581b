namespace Holdfast.Abstractions.Counting;

/// <summary>A number of tokens. <paramref name="IsExact"/>: counted with the model's own vocabulary, not estimated.</summary>
public readonly record struct TokenCount(int Tokens, bool IsExact);
