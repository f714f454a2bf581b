using Holdfast.Abstractions.Searching;

namespace Holdfast.Retrieval.Ranking;

/// <summary>Weighs the terms of a question by the passages at hand, for want of the collection's own counts.</summary>
internal static class PassageStatistics
{
    public static IReadOnlyList<QueryTerm> Weigh(IReadOnlyList<QueryTerm> terms, IReadOnlyList<Passage> passages, int termsMax)
    {
        var kept = terms.Take(termsMax).ToArray();
        var lookup = new TermLookup(kept);
        var holding = new int[kept.Length];
        foreach (var passage in passages)
        {
            var hits = TermHits.Of(passage.Title, passage.Heading, passage.Document, passage.Text, lookup, kept.Length);
            for (var index = 0; index < holding.Length; index++)
            {
                holding[index] += hits.Body[index] > 0 ? 1 : 0;
            }
        }

        return [.. kept.Select((term, index) => term with { Passages = holding[index], Idf = Idf.Of(passages.Count, holding[index]) })];
    }
}
