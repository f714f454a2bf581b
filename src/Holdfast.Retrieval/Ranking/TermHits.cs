using Holdfast.Retrieval.Analysis;

namespace Holdfast.Retrieval.Ranking;

/// <summary>Where the terms of a question stand in one passage, its heading, its title and its path.</summary>
internal sealed class TermHits
{
    private TermHits(int terms)
    {
        Body = new int[terms];
        Heading = new int[terms];
        Title = new int[terms];
        Path = new int[terms];
    }

    public int[] Body { get; }

    public int[] Heading { get; }

    public int[] Title { get; }

    public int[] Path { get; }

    /// <summary>The hits of the body in order: place among the words, and term.</summary>
    public List<(int Position, int Term)> Places { get; } = [];

    public static TermHits Of(Candidate candidate, TermLookup lookup, int terms) =>
        Of(candidate.Title, candidate.Heading, candidate.Path, candidate.Text, lookup, terms);

    public static TermHits Of(string title, string? heading, string path, string text, TermLookup lookup, int terms)
    {
        var hits = new TermHits(terms);
        Count(title, lookup, hits.Title, null);
        Count(heading, lookup, hits.Heading, null);
        Count(path, lookup, hits.Path, null);
        Count(text, lookup, hits.Body, hits.Places);
        return hits;
    }

    private static void Count(ReadOnlySpan<char> text, TermLookup lookup, int[] counts, List<(int Position, int Term)>? places)
    {
        var words = new WordReader(text);
        while (words.MoveNext())
        {
            var word = words.Current;
            var term = lookup.Find(text.Slice(word.Start, word.Length));
            if (term >= 0)
            {
                counts[term]++;
                places?.Add((word.Position, term));
            }
        }
    }
}
