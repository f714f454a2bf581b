namespace Holdfast.Retrieval.Storing;

/// <summary>
/// The tables. The text of a document stands in blocks, so that a passage is read without the rest of a long document; a passage
/// is an offset into it. Each collection has a term index of its own (<c>term_N</c>): its statistics are its own, another
/// collection cannot slow it down, and dropping it is one statement.
/// </summary>
internal static class StoreSchema
{
    public const int Version = 1;

    // "Hold" in ASCII: tells our file from any other database.
    public const int ApplicationId = 0x486F6C64;

    public const string Tables = """
        CREATE TABLE collection(
          number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, created_ticks INTEGER NOT NULL,
          documents INTEGER NOT NULL DEFAULT 0, quarantined INTEGER NOT NULL DEFAULT 0, passages INTEGER NOT NULL DEFAULT 0,
          words INTEGER NOT NULL DEFAULT 0, text_bytes INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE document(
          number INTEGER PRIMARY KEY AUTOINCREMENT, collection INTEGER NOT NULL, id TEXT NOT NULL UNIQUE, path TEXT NOT NULL,
          title TEXT NOT NULL, media_type TEXT NOT NULL, bytes INTEGER NOT NULL, modified_ticks INTEGER NOT NULL,
          content_hash TEXT NOT NULL, added_ticks INTEGER NOT NULL, quarantine TEXT, characters INTEGER NOT NULL,
          text_bytes INTEGER NOT NULL, passages INTEGER NOT NULL, words INTEGER NOT NULL, structure TEXT NOT NULL);
        CREATE INDEX document_path ON document(collection, path, id);
        CREATE TABLE block(document INTEGER NOT NULL, start INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY(document, start)) WITHOUT ROWID;
        CREATE TABLE passage(
          number INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL, start INTEGER NOT NULL, length INTEGER NOT NULL,
          heading TEXT, page INTEGER, words INTEGER NOT NULL);
        CREATE INDEX passage_document ON passage(document);
        CREATE TABLE attribute(
          document INTEGER NOT NULL, key TEXT NOT NULL, kind INTEGER NOT NULL, text TEXT, number REAL,
          PRIMARY KEY(document, key)) WITHOUT ROWID;
        CREATE INDEX attribute_value ON attribute(key, kind, text, number, document);
        """;

    public static string TermTable(long collection) => FormattableString.Invariant($"term_{collection}");

    // Terms arrive ready-made, joined by spaces (see TermWriter); bytes above 127 are letters to the ascii tokenizer, and the dot is made one.
    // Contentless: the text stands in block already. An exact deletion needs contentless_delete (SQLite 3.43).
    public static string CreateTerms(long collection) => FormattableString.Invariant(
        $"CREATE VIRTUAL TABLE term_{collection} USING fts5(title, heading, body, content='', contentless_delete=1, tokenize=\"ascii tokenchars '.'\")");

    public static string DropTerms(long collection) => FormattableString.Invariant($"DROP TABLE term_{collection}");
}
