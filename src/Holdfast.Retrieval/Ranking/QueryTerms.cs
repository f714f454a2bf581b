using Holdfast.Retrieval.Analysis;

namespace Holdfast.Retrieval.Ranking;

/// <summary>Reads a question into terms. Nothing of what a user typed gets further than this: a term is letters, digits and dots.</summary>
internal static class QueryTerms
{
    /// <summary>The different terms in the order of the question.</summary>
    public static IReadOnlyList<QueryTerm> Read(string question, int unitsMax)
    {
        var text = question.AsSpan(0, Math.Min(question.Length, unitsMax));
        var terms = new List<QueryTerm>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        Span<char> buffer = stackalloc char[TermWriter.UnitsMax];
        var words = new WordReader(text);
        while (words.MoveNext())
        {
            var word = words.Current;
            var surface = text.Slice(word.Start, word.Length);
            var length = TermWriter.Write(surface, buffer);
            if (length == 0)
            {
                continue;
            }

            var term = buffer[..length].ToString();
            if (places.TryGetValue(term, out var place))
            {
                terms[place] = terms[place] with { Count = terms[place].Count + 1 };
                continue;
            }

            places.Add(term, terms.Count);
            terms.Add(Term(term, surface, word.Shape));
        }

        return terms;
    }

    private static QueryTerm Term(string term, ReadOnlySpan<char> surface, WordShape shape)
    {
        Span<char> lower = stackalloc char[TermWriter.UnitsMax];
        ReadOnlySpan<char> word = surface.Length <= lower.Length ? lower[..surface.ToLowerInvariant(lower)] : default;
        return new QueryTerm(term, surface.ToString(), 1, StopWords.Contains(word), shape == WordShape.Compound)
        {
            IsOrdinary = OrdinaryWords.Contains(word),
        };
    }
}
