namespace Holdfast.Abstractions.Counting;

/// <summary>A number of tokens. <paramref name="IsExact"/>: counted with the model's own vocabulary, not estimated.</summary>
public readonly record struct TokenCount(int Tokens, bool IsExact)
{
    /// <summary>Of several prompts in one call the longest: each has the model's context to itself.</summary>
    public int Longest { get; init; } = Tokens;

    /// <summary>The text was too long to be tokenised: it has at least so many, and no context of this model holds it.</summary>
    public bool IsLeast { get; init; }
}
