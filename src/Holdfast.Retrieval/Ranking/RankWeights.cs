namespace Holdfast.Retrieval.Ranking;

/// <summary>Weights of the second ranking, chosen on the tuning half of the question set (docs/measurements.md, Retrieval).</summary>
internal sealed record RankWeights
{
    public static RankWeights Default { get; } = new();

    /// <summary>BM25's saturation.</summary>
    public double K1 { get; init; } = 1.8;

    /// <summary>BM25's share of the length norm.</summary>
    public double B { get; init; } = 0.4;

    /// <summary>A hit in the title counts as this many in the text.</summary>
    public double Title { get; init; } = 1.0;

    public double Heading { get; init; } = 2.0;

    public double Path { get; init; } = 0.25;

    /// <summary>Weight of stop words, as a share of their idf.</summary>
    public double StopWord { get; init; } = 0.7;

    /// <summary>Neighbours of the question that are near each other in the passage.</summary>
    public double Pair { get; init; } = 0.5;

    /// <summary>Exponent of the share of the question, by idf, that the passage holds.</summary>
    public double Coverage { get; init; } = 0.5;

    /// <summary>What the document as a whole holds, beside the passage.</summary>
    public double Document { get; init; } = 0.3;
}
