using System.Text;
using Holdfast.Abstractions.Reading;
using Holdfast.Retrieval.Analysis;

namespace Holdfast.Retrieval.Storing;

/// <summary>
/// Writes one document with its blocks, passages, attributes and terms, inside the caller's transaction, and keeps the totals of
/// the collection in step. Used under the store's gate only.
/// </summary>
internal sealed class DocumentWriter(StoreConnection connection, RetrievalOptions options, TimeProvider time)
{
    private readonly StringBuilder _terms = new();

    public IngestOutcome Put(long collection, string name, PutDocument put)
    {
        var text = put.Text;
        var id = put.Id ?? DocumentStore.IdFor(name, put.Path);
        if (text.Passages.Count > options.PassagesPerDocumentMax)
        {
            return Put(collection, name, new PutQuarantined
            {
                Id = id,
                Path = put.Path,
                Bytes = put.Bytes,
                ModifiedTicks = put.ModifiedTicks,
                ContentHash = put.ContentHash,
                MediaType = text.MediaType,
                Reason = FormattableString.Invariant($"cut into {text.Passages.Count} passages, at most {options.PassagesPerDocumentMax} are taken (retrieval.passagesPerDocumentMax)"),
            });
        }

        CheckSpans(text);
        Remove(id);
        var structure = new DocumentStructure(text.Pages, text.Headings, text.Cleaned);
        var textBytes = Encoding.UTF8.GetByteCount(text.Text);
        InsertDocument(collection, id, put.Path, text.Title, text.MediaType, put.Bytes, put.ModifiedTicks, put.ContentHash, null, structure);
        var document = connection.Number("SELECT last_insert_rowid()");
        TextBlocks.Write(connection, document, text.Text);
        var words = InsertPassages(collection, document, text);
        InsertAttributes(document, text.Attributes);
        connection.Run(
            "UPDATE document SET characters = $1, text_bytes = $2, passages = $3, words = $4 WHERE number = $5",
            text.Text.Length, textBytes, text.Passages.Count, words, document);
        connection.Run(
            "UPDATE collection SET documents = documents + 1, passages = passages + $1, words = words + $2, text_bytes = text_bytes + $3 WHERE number = $4",
            text.Passages.Count, words, textBytes, collection);
        return new IngestOutcome(id, text.Passages.Count, null);
    }

    public IngestOutcome Put(long collection, string name, PutQuarantined put)
    {
        var id = put.Id ?? DocumentStore.IdFor(name, put.Path);
        Remove(id);
        var title = put.Path[(put.Path.LastIndexOf('/') + 1)..];
        InsertDocument(
            collection, id, put.Path, title, put.MediaType, put.Bytes, put.ModifiedTicks, put.ContentHash, put.Reason, DocumentStructure.Empty);
        connection.Run("UPDATE collection SET quarantined = quarantined + 1 WHERE number = $1", collection);
        return new IngestOutcome(id, 0, put.Reason);
    }

    public void Touch(long collection, TouchDocument touch) => connection.Run(
        "UPDATE document SET modified_ticks = $1 WHERE id = $2 AND collection = $3", touch.ModifiedTicks, touch.Id, collection);

    /// <summary>Takes the document out, wherever it is; false when there is none. An id is unique over all collections.</summary>
    public bool Remove(string id)
    {
        long document, collection, passages, words, textBytes;
        bool isQuarantined;
        using (var reader = connection.Query(
            "SELECT number, collection, passages, words, text_bytes, quarantine IS NOT NULL FROM document WHERE id = $1", id))
        {
            if (!reader.Read())
            {
                return false;
            }

            (document, collection, passages) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
            (words, textBytes, isQuarantined) = (reader.GetInt64(3), reader.GetInt64(4), reader.GetBoolean(5));
        }

        connection.Run(
            FormattableString.Invariant($"DELETE FROM {StoreSchema.TermTable(collection)} WHERE rowid IN (SELECT number FROM passage WHERE document = $1)"),
            document);
        connection.Run("DELETE FROM passage WHERE document = $1", document);
        connection.Run("DELETE FROM block WHERE document = $1", document);
        connection.Run("DELETE FROM attribute WHERE document = $1", document);
        connection.Run("DELETE FROM document WHERE number = $1", document);
        connection.Run(
            "UPDATE collection SET documents = documents - $1, quarantined = quarantined - $2, passages = passages - $3, "
            + "words = words - $4, text_bytes = text_bytes - $5 WHERE number = $6",
            isQuarantined ? 0 : 1, isQuarantined ? 1 : 0, passages, words, textBytes, collection);
        return true;
    }

    private void InsertDocument(
        long collection, string id, string path, string title, string mediaType, long bytes, long modifiedTicks, string contentHash,
        string? quarantine, DocumentStructure structure) => connection.Run(
            "INSERT INTO document(collection, id, path, title, media_type, bytes, modified_ticks, content_hash, added_ticks, quarantine, "
            + "characters, text_bytes, passages, words, structure) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, 0, 0, $11)",
            collection, id, AttributeColumns.CleanText(path), AttributeColumns.CleanText(title), mediaType, bytes, modifiedTicks, contentHash,
            time.GetUtcNow().UtcTicks, quarantine is null ? null : AttributeColumns.CleanText(quarantine), structure.ToJson());

    private int InsertPassages(long collection, long document, DocumentText text)
    {
        var insertTerms = FormattableString.Invariant(
            $"INSERT INTO {StoreSchema.TermTable(collection)}(rowid, title, heading, body) VALUES ($1, $2, $3, $4)");
        var title = Terms(text.Title, out _);
        var sum = 0;
        foreach (var passage in text.Passages)
        {
            var body = Terms(text.Text.AsSpan(passage.Start, passage.Length), out var words);
            connection.Run(
                "INSERT INTO passage(document, start, length, heading, page, words) VALUES ($1, $2, $3, $4, $5, $6)",
                document, passage.Start, passage.Length, passage.Heading is null ? null : AttributeColumns.CleanText(passage.Heading), passage.Page, words);
            var number = connection.Number("SELECT last_insert_rowid()");
            connection.Run(insertTerms, number, title, Terms(passage.Heading, out _), body);
            sum += words;
        }

        return sum;
    }

    private void InsertAttributes(long document, IReadOnlyDictionary<string, object> attributes)
    {
        foreach (var (key, value) in attributes)
        {
            var columns = AttributeColumns.From(value);
            connection.Run(
                "INSERT INTO attribute(document, key, kind, text, number) VALUES ($1, $2, $3, $4, $5)",
                document, AttributeColumns.CleanText(key), (int)columns.Kind, columns.Text, columns.Number);
        }
    }

    private string Terms(ReadOnlySpan<char> text, out int words)
    {
        _terms.Clear();
        words = TermWriter.Append(_terms, text);
        return _terms.ToString();
    }

    private static void CheckSpans(DocumentText text)
    {
        foreach (var passage in text.Passages)
        {
            if (passage.Start < 0 || passage.Length <= 0 || passage.Start > text.Text.Length - passage.Length)
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"passage [{passage.Start}, +{passage.Length}) lies outside the text of {text.Text.Length} units"), nameof(text));
            }
        }
    }
}
