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
            terms.Add(new QueryTerm(term, surface.ToString(), 1, IsStopWord(surface), word.Shape == WordShape.Compound));
        }

        return terms;
    }

    private static bool IsStopWord(ReadOnlySpan<char> surface)
    {
        Span<char> lower = stackalloc char[16];
        return surface.Length <= lower.Length && StopWords.Contains(lower[..surface.ToLowerInvariant(lower)]);
    }
}
