namespace Holdfast.Abstractions.Counting;

/// <summary>Vectors in the order of the texts, with the tokens of each text before any cut and whether it was cut.</summary>
public sealed record EmbeddingBatch(IReadOnlyList<float[]> Vectors, IReadOnlyList<int> Tokens, IReadOnlyList<bool> IsCut);
