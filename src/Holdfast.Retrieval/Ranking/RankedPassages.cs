using Holdfast.Abstractions.Searching;

namespace Holdfast.Retrieval.Ranking;

/// <summary>What the two rankings gave: the best passages first, with the score of each, 0 to 1.</summary>
internal sealed record RankedPassages(
    IReadOnlyList<RankedPassage> Passages, IReadOnlyList<QueryTerm> Terms, int Matches, Answerability Answerable, string Plan);
