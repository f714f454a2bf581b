namespace Holdfast.Retrieval.Ranking;

/// <summary>
/// The second ranking, over the passages that the index found: BM25 over weighted fields, plus neighbours of the question that stand
/// near each other, times the share of the question that is covered; then the document lends its passages a part of what it holds
/// as a whole. Cost: one pass over each candidate's text.
/// </summary>
internal sealed class PassageScorer(IReadOnlyList<QueryTerm> terms, RankWeights weights, double wordsAverage)
{
    // Words apart at which two neighbours of the question still count as together.
    private const int PairReach = 8;

    public IReadOnlyList<QueryTerm> Terms => terms;

    /// <summary>The score of each candidate, in their order.</summary>
    public double[] Score(IReadOnlyList<Candidate> candidates, IReadOnlyList<TermHits> hits)
    {
        var scores = new double[candidates.Count];
        var bestOfDocument = new Dictionary<long, double[]>();
        for (var index = 0; index < candidates.Count; index++)
        {
            if (!bestOfDocument.TryGetValue(candidates[index].Document, out var best))
            {
                best = new double[terms.Count];
                bestOfDocument.Add(candidates[index].Document, best);
            }

            scores[index] = ScorePassage(candidates[index], hits[index], best);
        }

        for (var index = 0; index < candidates.Count; index++)
        {
            var whole = 0d;
            foreach (var part in bestOfDocument[candidates[index].Document])
            {
                whole += part;
            }

            scores[index] += weights.Document * whole;
        }

        return scores;
    }

    /// <summary>The most that a passage could reach: every term, saturated.</summary>
    public double Ceiling()
    {
        var sum = 0d;
        for (var index = 0; index < terms.Count; index++)
        {
            sum += Weight(index) * (weights.K1 + 1);
        }

        return sum * (1 + weights.Document);
    }

    private double ScorePassage(Candidate candidate, TermHits hits, double[] bestOfDocument)
    {
        var norm = weights.K1 * (1 - weights.B + (weights.B * candidate.Words / wordsAverage));
        double score = 0, covered = 0, all = 0;
        for (var index = 0; index < terms.Count; index++)
        {
            var weight = Weight(index);
            all += weight;
            var frequency = hits.Body[index] + (weights.Heading * hits.Heading[index]) + (weights.Title * hits.Title[index]) + (weights.Path * hits.Path[index]);
            if (frequency > 0)
            {
                var part = weight * frequency * (weights.K1 + 1) / (frequency + norm);
                score += part;
                covered += weight;
                bestOfDocument[index] = Math.Max(bestOfDocument[index], part);
            }
        }

        return all > 0 ? (score + (weights.Pair * Pairs(hits))) * Math.Pow(covered / all, weights.Coverage) : 0;
    }

    private double Weight(int index) => terms[index].Idf * (terms[index].IsStopWord ? weights.StopWord : 1);

    // Two hits of different terms that follow each other: worth the smaller idf, less with distance, saturated for each term.
    private double Pairs(TermHits hits)
    {
        Span<double> near = stackalloc double[terms.Count];
        near.Clear();
        var places = hits.Places;
        for (var index = 1; index < places.Count; index++)
        {
            var (position, term) = places[index];
            var (positionBefore, termBefore) = places[index - 1];
            var distance = Math.Max(1, position - positionBefore);
            if (term != termBefore && distance <= PairReach)
            {
                var worth = Math.Min(Weight(term), Weight(termBefore)) / distance;
                near[term] += worth;
                near[termBefore] += worth;
            }
        }

        var sum = 0d;
        for (var index = 0; index < near.Length; index++)
        {
            var weight = Weight(index);
            sum += weight > 0 ? weight * near[index] / (near[index] + weight) : 0;
        }

        return sum;
    }
}
