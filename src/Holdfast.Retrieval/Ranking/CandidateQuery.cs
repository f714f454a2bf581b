using System.Text;
using Holdfast.Retrieval.Filtering;
using Holdfast.Retrieval.Storing;

namespace Holdfast.Retrieval.Ranking;

/// <summary>
/// The first ranking: the passages with the best BM25 in the term index, after the filter. Terms go in quoted and joined by OR; they
/// hold no quote (see TermWriter), so nothing a user types is syntax.
/// </summary>
internal static class CandidateQuery
{
    // A term in more than this share of the passages tells little and costs most of the time; rarer ones find its passages too.
    private const double CommonShare = 0.2;

    /// <summary>Number of the collection, its passages and its words; null when there is none.</summary>
    public static (long Number, long Passages, long Words)? Collection(StoreConnection connection, string name)
    {
        using var reader = connection.Query("SELECT number, passages, words FROM collection WHERE name = $1", name);
        return reader.Read() ? (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)) : null;
    }

    /// <summary>The terms with their frequency, the <paramref name="termsMax"/> most telling ones, still in the order of the question.</summary>
    public static IReadOnlyList<QueryTerm> Weigh(
        StoreConnection connection, long collection, long passages, IReadOnlyList<QueryTerm> terms, int termsMax)
    {
        var sql = $"SELECT count(*) FROM {StoreSchema.TermTable(collection)} WHERE {StoreSchema.TermTable(collection)} MATCH $1";
        var weighed = new List<QueryTerm>(terms.Count);
        foreach (var term in terms)
        {
            var holding = connection.Number(sql, Quote(term.Text));
            weighed.Add(term with { Passages = holding, Idf = Idf.Of(passages, holding) });
        }

        if (weighed.Count <= termsMax)
        {
            return weighed;
        }

        // Words that the collection does not know find nothing: they go first when there are too many.
        var kept = weighed.OrderBy(term => term.Passages > 0 ? 0 : 1).ThenByDescending(term => term.Idf).Take(termsMax).ToHashSet();
        return [.. weighed.Where(kept.Contains)];
    }

    /// <summary>The MATCH expression; null when no term of the question is in the collection.</summary>
    public static string? Match(IReadOnlyList<QueryTerm> terms, long passages)
    {
        var known = terms.Where(term => term.Passages > 0).ToArray();
        var telling = known.Where(term => !term.IsStopWord).ToArray();
        telling = telling.Length > 0 ? telling : known;
        var rare = telling.Where(term => term.Passages <= CommonShare * passages).ToArray();
        telling = rare.Length >= 2 ? rare : telling;
        return telling.Length == 0 ? null : string.Join(" OR ", telling.Select(term => Quote(term.Text)));
    }

    /// <summary>The best passages, best first, and how many matched.</summary>
    public static IReadOnlyList<Candidate> Run(
        StoreConnection connection, long collection, string match, CompiledFilter? filter, int candidatesMax, out int matches)
    {
        var table = StoreSchema.TermTable(collection);
        var sql = new StringBuilder($"SELECT rowid, bm25({table}, 2.0, 2.0, 1.0) FROM {table} WHERE {table} MATCH $1");
        if (filter is not null)
        {
            // The + keeps SQLite from asking the term index once for each number of the list.
            sql.Append(" AND +rowid IN (SELECT p.number FROM passage p JOIN document d ON d.number = p.document WHERE d.collection = $2 AND ")
                .Append(filter.Sql).Append(')');
        }

        object?[] values = filter is null ? [match] : [match, collection, .. filter.Values];
        var best = Best(connection, sql.ToString(), values, candidatesMax, out matches);
        var candidates = new Candidate[best.Count];
        for (var index = candidates.Length - 1; index >= 0; index--)
        {
            candidates[index] = Read(connection, best.Dequeue());
        }

        return candidates;
    }

    // The smaller number of two equal scores stays, so that the same question gives the same passages. FTS5's bm25 is negative: less is better.
    private static PriorityQueue<long, (double Score, long Number)> Best(
        StoreConnection connection, string sql, object?[] values, int candidatesMax, out int matches)
    {
        var best = new PriorityQueue<long, (double Score, long Number)>(
            candidatesMax + 1, Comparer<(double Score, long Number)>.Create((left, right) => right.CompareTo(left)));
        matches = 0;
        using var reader = connection.Query(sql, values);
        while (reader.Read())
        {
            matches++;
            var number = reader.GetInt64(0);
            if (best.Count < candidatesMax)
            {
                best.Enqueue(number, (reader.GetDouble(1), number));
            }
            else
            {
                best.EnqueueDequeue(number, (reader.GetDouble(1), number));
            }
        }

        return best;
    }

    private static Candidate Read(StoreConnection connection, long number)
    {
        using var reader = connection.Query(
            "SELECT p.document, p.start, p.length, p.heading, p.page, p.words, d.id, d.path, d.title FROM passage p JOIN document d ON d.number = p.document WHERE p.number = $1",
            number);
        reader.Read();
        var (document, start, length) = (reader.GetInt64(0), reader.GetInt32(1), reader.GetInt32(2));
        return new Candidate
        {
            Number = number,
            Document = document,
            DocumentId = reader.GetString(6),
            Path = reader.GetString(7),
            Title = reader.GetString(8),
            Heading = reader.IsDBNull(3) ? null : reader.GetString(3),
            Page = reader.IsDBNull(4) ? null : reader.GetInt32(4),
            Start = start,
            Words = reader.GetInt32(5),
            Text = TextBlocks.Read(connection, document, start, length),
        };
    }

    private static string Quote(string term) => $"\"{term}\"";
}
