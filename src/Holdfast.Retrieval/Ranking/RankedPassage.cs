namespace Holdfast.Retrieval.Ranking;

/// <summary>A passage with its place: <paramref name="LexicalRank"/> is the one that the index alone gave it, from 1.</summary>
internal sealed record RankedPassage(Candidate Candidate, TermHits Hits, double Score, int LexicalRank);
