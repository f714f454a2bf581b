namespace Holdfast.Abstractions.Counting;

/// <summary>
/// Vectors in the order of the texts, with the tokens of each text before any cut and whether it was cut. Without vectors where a text
/// was too long and the caller allowed no cut: then the first such text is marked, and those behind it were not looked at.
/// </summary>
public sealed record EmbeddingBatch(IReadOnlyList<float[]> Vectors, IReadOnlyList<int> Tokens, IReadOnlyList<bool> IsCut)
{
    /// <summary>A cut text has at least so many tokens: it was not counted to its end.</summary>
    public bool IsLeast { get; init; }
}
