using Holdfast.Abstractions.Reading;
using Holdfast.Abstractions.Searching;
using Microsoft.Data.Sqlite;

namespace Holdfast.Retrieval.Storing;

/// <summary>Reads collections and documents.</summary>
internal static class CatalogueQueries
{
    private const string RowColumns =
        "d.id, c.name, d.path, d.title, d.media_type, d.bytes, d.characters, d.passages, d.content_hash, d.added_ticks, d.quarantine, d.structure, d.number";

    public static IReadOnlyList<CollectionInfo> Collections(StoreConnection connection)
    {
        var collections = new List<CollectionInfo>();
        using var reader = connection.Query("SELECT name, created_ticks, documents, quarantined, passages, text_bytes FROM collection ORDER BY name");
        while (reader.Read())
        {
            collections.Add(new CollectionInfo(
                reader.GetString(0), At(reader.GetInt64(1)), reader.GetInt32(2), reader.GetInt32(3), reader.GetInt32(4), reader.GetInt64(5)));
        }

        return collections;
    }

    public static IReadOnlyList<DocumentFingerprint> Fingerprints(StoreConnection connection, string collection)
    {
        var fingerprints = new List<DocumentFingerprint>();
        using var reader = connection.Query(
            "SELECT d.path, d.id, d.content_hash, d.bytes, d.modified_ticks, d.quarantine IS NOT NULL FROM document d "
            + "JOIN collection c ON c.number = d.collection WHERE c.name = $1 ORDER BY d.path, d.id",
            collection);
        while (reader.Read())
        {
            fingerprints.Add(new DocumentFingerprint(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetBoolean(5)));
        }

        return fingerprints;
    }

    public static IReadOnlyList<DocumentRow> List(StoreConnection connection, DocumentFilter filter)
    {
        var rows = new List<DocumentRow>();
        using (var reader = connection.Query(
            $"SELECT {RowColumns} FROM document d JOIN collection c ON c.number = d.collection "
            + "WHERE ($1 IS NULL OR c.name = $1) AND ($2 IS NULL OR (d.quarantine IS NOT NULL) = $2) "
            + "AND ($3 IS NULL OR (d.path, d.id) > (SELECT path, id FROM document WHERE id = $3)) ORDER BY d.path, d.id LIMIT $4",
            filter.Collection, filter.IsQuarantined is { } isQuarantined ? (isQuarantined ? 1 : 0) : null, filter.After, Math.Clamp(filter.Limit, 1, 10_000)))
        {
            while (reader.Read())
            {
                rows.Add(Row(reader, out _, out _));
            }
        }

        return [.. rows.Select(row => row with { Attributes = Attributes(connection, row.Id) })];
    }

    public static DocumentContent? Find(StoreConnection connection, string documentId)
    {
        DocumentRow row;
        DocumentStructure structure;
        long number;
        using (var reader = connection.Query(
            $"SELECT {RowColumns} FROM document d JOIN collection c ON c.number = d.collection WHERE d.id = $1", documentId))
        {
            if (!reader.Read())
            {
                return null;
            }

            row = Row(reader, out structure, out number);
        }

        var text = TextBlocks.ReadAll(connection, number, row.Characters);
        var passages = new List<PassageSpan>(row.Passages);
        using (var reader = connection.Query("SELECT start, length, heading, page FROM passage WHERE document = $1 ORDER BY number", number))
        {
            while (reader.Read())
            {
                passages.Add(new PassageSpan(
                    reader.GetInt32(0), reader.GetInt32(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetInt32(3)));
            }
        }

        return new DocumentContent(row with { Attributes = Attributes(connection, documentId) }, text, structure.Pages, structure.Headings, passages);
    }

    public static Dictionary<string, object> Attributes(StoreConnection connection, string documentId)
    {
        var attributes = new Dictionary<string, object>(StringComparer.Ordinal);
        using var reader = connection.Query(
            "SELECT a.key, a.kind, a.text, a.number FROM attribute a JOIN document d ON d.number = a.document WHERE d.id = $1 ORDER BY a.key", documentId);
        while (reader.Read())
        {
            attributes[reader.GetString(0)] = new AttributeColumns(
                (AttributeKind)reader.GetInt32(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetDouble(3)).ToValue();
        }

        return attributes;
    }

    private static DocumentRow Row(SqliteDataReader reader, out DocumentStructure structure, out long number)
    {
        structure = DocumentStructure.FromJson(reader.GetString(11));
        number = reader.GetInt64(12);
        return new DocumentRow
        {
            Id = reader.GetString(0),
            Collection = reader.GetString(1),
            Path = reader.GetString(2),
            Title = reader.GetString(3),
            MediaType = reader.GetString(4),
            Bytes = reader.GetInt64(5),
            Characters = reader.GetInt32(6),
            Passages = reader.GetInt32(7),
            ContentHash = reader.GetString(8),
            AddedAt = At(reader.GetInt64(9)),
            Quarantine = reader.IsDBNull(10) ? null : reader.GetString(10),
            Cleaned = structure.Cleaned,
        };
    }

    private static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);
}
