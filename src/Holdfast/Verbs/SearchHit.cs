using Holdfast.Abstractions.Searching;

namespace Holdfast.Verbs;

/// <summary>One passage that <c>search</c> prints.</summary>
internal sealed record SearchHit(string Document, string Title, string? Heading, int? Page, int Start, int Length, double Score, string Text, SearchRanks Ranks)
{
    public static SearchHit From(Passage passage) => new(
        passage.Document,
        passage.Title,
        passage.Heading,
        passage.Page,
        passage.Start,
        passage.Length,
        Math.Round(passage.Score, 4),
        passage.Text,
        new SearchRanks(passage.LexicalRank, passage.VectorRank));
}
