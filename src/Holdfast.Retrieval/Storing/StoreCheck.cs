using Microsoft.Data.Sqlite;

namespace Holdfast.Retrieval.Storing;

/// <summary>The rules that hold between the tables after every commit.</summary>
internal static class StoreCheck
{
    private static readonly (string Rule, string Count)[] Rules =
    [
        ("blocks without a document", "SELECT count(*) FROM block WHERE document NOT IN (SELECT number FROM document)"),
        ("passages without a document", "SELECT count(*) FROM passage WHERE document NOT IN (SELECT number FROM document)"),
        ("attributes without a document", "SELECT count(*) FROM attribute WHERE document NOT IN (SELECT number FROM document)"),
        ("documents without a collection", "SELECT count(*) FROM document WHERE collection NOT IN (SELECT number FROM collection)"),
        ("passages outside their text", "SELECT count(*) FROM passage p JOIN document d ON d.number = p.document WHERE p.start < 0 OR p.length <= 0 OR p.start + p.length > d.characters"),
        ("quarantined documents with passages", "SELECT count(*) FROM document WHERE quarantine IS NOT NULL AND passages > 0"),
        ("documents whose passages are not all there", "SELECT count(*) FROM document d WHERE d.passages <> (SELECT count(*) FROM passage p WHERE p.document = d.number)"),
        ("documents whose words do not add up", "SELECT count(*) FROM document d WHERE d.words <> (SELECT coalesce(sum(p.words), 0) FROM passage p WHERE p.document = d.number)"),
        ("documents whose text is not all there", "SELECT count(*) FROM document d WHERE d.text_bytes <> (SELECT coalesce(sum(length(b.text)), 0) FROM block b WHERE b.document = d.number)"),
        ("collections whose documents do not add up", "SELECT count(*) FROM collection c WHERE c.documents <> (SELECT count(*) FROM document d WHERE d.collection = c.number AND d.quarantine IS NULL)"),
        ("collections whose quarantine does not add up", "SELECT count(*) FROM collection c WHERE c.quarantined <> (SELECT count(*) FROM document d WHERE d.collection = c.number AND d.quarantine IS NOT NULL)"),
        ("collections whose text does not add up", "SELECT count(*) FROM collection c WHERE c.text_bytes <> (SELECT coalesce(sum(d.text_bytes), 0) FROM document d WHERE d.collection = c.number)"),
    ];

    /// <summary>What a start looks at: the passages of each collection are those of its index. Milliseconds per 100,000 passages.</summary>
    public static IReadOnlyList<string> Totals(StoreConnection connection)
    {
        var faults = new List<string>();
        foreach (var (number, name, passages, words) in Collections(connection))
        {
            var indexed = connection.Number($"SELECT count(*) FROM {StoreSchema.TermTable(number)}_docsize");
            if (indexed != passages)
            {
                faults.Add(FormattableString.Invariant($"collection {name} counts {passages} passages, its index holds {indexed}"));
            }

            var stored = connection.Number("SELECT coalesce(sum(words), 0) FROM document WHERE collection = $1", number);
            if (stored != words)
            {
                faults.Add(FormattableString.Invariant($"collection {name} counts {words} words, its documents have {stored}"));
            }
        }

        return faults;
    }

    /// <summary>Everything: pages and b-trees, the term indexes, the rules between the tables.</summary>
    public static IReadOnlyList<string> Run(StoreConnection connection)
    {
        var faults = new List<string>(Totals(connection));
        using (var reader = connection.Query("PRAGMA integrity_check(20)"))
        {
            while (reader.Read())
            {
                if (reader.GetString(0) is not "ok" and var fault)
                {
                    faults.Add(fault);
                }
            }
        }

        foreach (var (rule, count) in Rules)
        {
            if (connection.Number(count) is > 0 and var broken)
            {
                faults.Add(FormattableString.Invariant($"{broken} {rule}"));
            }
        }

        foreach (var (number, name, _, _) in Collections(connection))
        {
            CheckTerms(connection, number, name, faults);
        }

        return faults;
    }

    private static void CheckTerms(StoreConnection connection, long number, string name, List<string> faults)
    {
        var table = StoreSchema.TermTable(number);
        var strayed = connection.Number(
            $"SELECT count(*) FROM {table}_docsize WHERE id NOT IN (SELECT p.number FROM passage p JOIN document d ON d.number = p.document WHERE d.collection = $1)", number);
        if (strayed > 0)
        {
            faults.Add(FormattableString.Invariant($"{strayed} entries in the index of {name} without a passage"));
        }

        try
        {
            connection.Run($"INSERT INTO {table}({table}) VALUES ('integrity-check')");
        }
        catch (SqliteException fault) when (fault.SqliteErrorCode == SqliteCodes.Corrupt)
        {
            faults.Add($"the index of {name} is damaged: {fault.Message}");
        }
    }

    private static List<(long Number, string Name, long Passages, long Words)> Collections(StoreConnection connection)
    {
        var rows = new List<(long, string, long, long)>();
        using var reader = connection.Query("SELECT number, name, passages, words FROM collection ORDER BY number");
        while (reader.Read())
        {
            rows.Add((reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3)));
        }

        return rows;
    }
}
