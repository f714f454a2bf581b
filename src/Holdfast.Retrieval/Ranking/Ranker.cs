using Holdfast.Abstractions.Searching;
using Holdfast.Retrieval.Filtering;
using Holdfast.Retrieval.Storing;

namespace Holdfast.Retrieval.Ranking;

/// <summary>Question to ranked passages: terms, the index, the second ranking, answerability. All of one moment of the store.</summary>
internal sealed class Ranker(RetrievalOptions options, RankWeights weights)
{
    public RankedPassages Rank(
        StoreConnection connection, (long Number, long Passages, long Words) collection, string question, CompiledFilter? filter, int topK)
    {
        var nothing = new Answerability(0, AnswerabilityVerdict.No);
        var read = QueryTerms.Read(question, options.QueryUnitsMax);
        if (collection.Passages == 0 || read.Count == 0)
        {
            return new RankedPassages([], read, 0, nothing, collection.Passages == 0 ? "the collection is empty" : "no word in the question");
        }

        var terms = CandidateQuery.Weigh(connection, collection.Number, collection.Passages, read, options.QueryTermsMax);
        var match = CandidateQuery.Match(terms, collection.Passages);
        if (match is null)
        {
            return new RankedPassages([], terms, 0, nothing, "no word of the question is in the collection");
        }

        var candidates = CandidateQuery.Run(connection, collection.Number, match, filter, options.CandidatesMax, out var matches);
        var lookup = new TermLookup(terms);
        var hits = new TermHits[candidates.Count];
        for (var index = 0; index < hits.Length; index++)
        {
            hits[index] = TermHits.Of(candidates[index], lookup, terms.Count);
        }

        var scorer = new PassageScorer(terms, weights, Math.Max(1, (double)collection.Words / collection.Passages));
        var ranked = Order(candidates, hits, scorer);
        var answerable = AnswerabilityScorer.Score(terms, [.. ranked.Take(topK).Select(passage => passage.Hits)], options);
        var plan = FormattableString.Invariant($"{(filter is null ? "" : "filter, then ")}term index ({match}), best {candidates.Count} of {matches} ranked again");
        return new RankedPassages(ranked.Length > topK ? ranked[..topK] : ranked, terms, matches, answerable, plan);
    }

    private static RankedPassage[] Order(IReadOnlyList<Candidate> candidates, TermHits[] hits, PassageScorer scorer)
    {
        var scores = scorer.Score(candidates, hits);
        var ceiling = Math.Max(scorer.Ceiling(), double.Epsilon);
        var ranked = new RankedPassage[candidates.Count];
        for (var index = 0; index < ranked.Length; index++)
        {
            ranked[index] = new RankedPassage(candidates[index], hits[index], Math.Clamp(scores[index] / ceiling, 0, 1), index + 1);
        }

        // Equal scores in the order of the index, so that a page of results is the same each time.
        Array.Sort(ranked, (left, right) => right.Score != left.Score ? right.Score.CompareTo(left.Score) : left.LexicalRank - right.LexicalRank);
        return ranked;
    }
}
