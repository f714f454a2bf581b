namespace Holdfast.Abstractions.Searching;

/// <summary>What a search found.</summary>
public sealed record SearchResult
{
    /// <summary>The text that was searched for.</summary>
    public required string Query { get; init; }

    public required string Collection { get; init; }

    /// <summary>Best first.</summary>
    public IReadOnlyList<Passage> Passages { get; init; } = [];

    /// <summary>Whether the passages are likely to answer.</summary>
    public Answerability Answerable { get; init; } = new(0, AnswerabilityVerdict.No);

    public SearchExplanation? Explain { get; init; }

    /// <summary>Set when the search could not run; then there are no passages.</summary>
    public SearchFault? Fault { get; init; }
}
