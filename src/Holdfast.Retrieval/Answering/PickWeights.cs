namespace Holdfast.Retrieval.Answering;

/// <summary>Weights of the choice of sentences, chosen on the tuning half of the question set (docs/measurements.md, Retrieval).</summary>
internal sealed record PickWeights
{
    public static PickWeights Default { get; } = new();

    /// <summary>A shorter one is a fragment: a lone option, a cell of a table.</summary>
    public int WordsMin { get; init; } = 4;

    /// <summary>The passage's score beside the sentence's own, both as shares of the best possible.</summary>
    public double Passage { get; init; } = 2;

    /// <summary>What a sentence loses when it fills the whole answer.</summary>
    public double Length { get; init; } = 0.3;

    /// <summary>What the sentences beside it have of the question and it has not: an answer often follows the line that repeats the question.</summary>
    public double Neighbour { get; init; } = 0.3;

    /// <summary>Share of a stop word's idf that counts.</summary>
    public double StopWord { get; init; } = 0.1;

    /// <summary>Share of a compound's idf that counts: its parts count too.</summary>
    public double Compound { get; init; } = 0.5;

    /// <summary>Choosing ends at this share of the first choice: below it sentences only fill up.</summary>
    public double ShareMin { get; init; } = 0.6;
}
