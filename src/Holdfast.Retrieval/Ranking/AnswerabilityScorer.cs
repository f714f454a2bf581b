using Holdfast.Abstractions.Searching;

namespace Holdfast.Retrieval.Ranking;

/// <summary>
/// Says whether the passages are likely to answer. BM25's own score does not tell (area under the curve .63 on the question set); the
/// share of the question's telling words, weighted by idf, that one passage holds does. A word that the collection does not know weighs most.
/// </summary>
internal static class AnswerabilityScorer
{
    // Passages looked at: the answer is taken from the first few, and a later one that covers more by chance proves nothing.
    private const int PassagesMax = 3;

    // What a word of asking counts beside a name or a noun.
    private const double OrdinaryShare = 0.4;

    public static Answerability Score(IReadOnlyList<QueryTerm> terms, IReadOnlyList<TermHits> best, RetrievalOptions options)
    {
        var score = 0d;
        for (var index = 0; index < Math.Min(PassagesMax, best.Count); index++)
        {
            score = Math.Max(score, Coverage(terms, best[index]));
        }

        var verdict = score < options.RefuseBelow ? AnswerabilityVerdict.No
            : score >= options.SureFrom ? AnswerabilityVerdict.Yes
            : AnswerabilityVerdict.Unsure;
        return new Answerability(score, verdict);
    }

    public static double Coverage(IReadOnlyList<QueryTerm> terms, TermHits hits)
    {
        double covered = 0, all = 0;
        for (var index = 0; index < terms.Count; index++)
        {
            if (!terms[index].IsStopWord)
            {
                var worth = terms[index].Idf * (terms[index].IsOrdinary ? OrdinaryShare : 1);
                all += worth;
                covered += hits.Body[index] + hits.Heading[index] + hits.Title[index] > 0 ? worth : 0;
            }
        }

        return all > 0 ? covered / all : 0;
    }
}
