using System.Security.Cryptography;
using System.Text;
using Holdfast.Abstractions.Reading;
using Holdfast.Abstractions.Searching;
using Microsoft.Data.Sqlite;

namespace Holdfast.Retrieval.Storing;

/// <summary>
/// Documents, passages and the term index in one SQLite file (WAL). There is one writer, owned by <c>_gate</c>; readers see the last
/// committed moment and never wait for it. A batch of changes is one transaction: after a kill or a full disk all of it is there or nothing.
/// </summary>
public sealed class DocumentStore : IDocumentCatalogue, IDisposable
{
    private const int IdHexUnits = 24;

    private readonly Lock _gate = new();
    private readonly StoreConnection _writer;
    private readonly DocumentWriter _documents;
    private readonly ReaderPool _readers;
    private readonly TimeProvider _time;

    // Owned by _gate for writing; a reader takes the reference once.
    private volatile IReadOnlyList<CollectionInfo> _collections;

    /// <summary>Opens or makes the store; a <see cref="StoreException"/> says in one line why it cannot be used.</summary>
    public DocumentStore(string path, RetrievalOptions options, TimeProvider time)
    {
        var faults = options.Faults();
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", faults), nameof(options));
        }

        Path = System.IO.Path.GetFullPath(path);
        Options = options;
        _time = time;
        _writer = StoreOpening.Open(Path, options);
        _documents = new DocumentWriter(_writer, options, time);
        _readers = new ReaderPool(Path, options);
        _collections = CatalogueQueries.Collections(_writer);
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>All collections, by name, as of the last commit.</summary>
    public IReadOnlyList<CollectionInfo> Collections => _collections;

    internal RetrievalOptions Options { get; }

    /// <summary>The id of a document that comes from a folder: it follows from collection and path, so that an edited file keeps its address.</summary>
    public static string IdFor(string collection, string path)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(collection + '\0' + path));
        return string.Concat("doc-", Convert.ToHexStringLower(hash).AsSpan(0, IdHexUnits));
    }

    /// <summary>
    /// Carries out all changes in one transaction and makes the collection when there is none; one outcome for each document put,
    /// in order. On <see cref="StoreException"/> nothing of it is stored. The write-ahead log holds a whole batch: keep one below some 64 MB of text.
    /// </summary>
    public IReadOnlyList<IngestOutcome> Apply(string collection, IReadOnlyList<StoreChange> changes)
    {
        // A rescan that found nothing new costs no write.
        if (changes.Count == 0 && _collections.Any(info => info.Name == collection))
        {
            return [];
        }

        return Write(() => ApplyLocked(collection, changes));
    }

    /// <summary>Makes an empty collection; false when it exists.</summary>
    public bool CreateCollection(string collection) => Write(() =>
    {
        if (CollectionNumber(collection) is not null)
        {
            return false;
        }

        InsertCollection(collection);
        return true;
    });

    /// <summary>Removes a collection with all it holds; false when there was none.</summary>
    public bool RemoveCollection(string collection) => Write(() =>
    {
        if (CollectionNumber(collection) is not { } number)
        {
            return false;
        }

        // A prepared statement on the index would keep it locked.
        _writer.ForgetStatements();
        _writer.Run(StoreSchema.DropTerms(number));
        foreach (var table in (ReadOnlySpan<string>)["passage", "block", "attribute"])
        {
            _writer.Run($"DELETE FROM {table} WHERE document IN (SELECT number FROM document WHERE collection = $1)", number);
        }

        _writer.Run("DELETE FROM document WHERE collection = $1", number);
        _writer.Run("DELETE FROM collection WHERE number = $1", number);
        return true;
    });

    /// <summary>Takes one document out; false when the collection has none of that id.</summary>
    public bool Remove(string collection, string documentId) => Write(() =>
        CollectionNumber(collection) is { } number && IsIn(number, documentId) && _documents.Remove(documentId));

    /// <summary>What is stored of each file of a collection, by path; empty when there is no such collection.</summary>
    public IReadOnlyList<DocumentFingerprint> Fingerprints(string collection)
    {
        lock (_gate)
        {
            return CatalogueQueries.Fingerprints(_writer, collection);
        }
    }

    /// <summary>Reads the whole store and returns every broken rule, none when it is sound. For tests, and for an operator who doubts a disk.</summary>
    public IReadOnlyList<string> Check()
    {
        lock (_gate)
        {
            return StoreCheck.Run(_writer);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<DocumentRow>> ListAsync(DocumentFilter filter, CancellationToken cancellationToken) =>
        ReadAsync(connection => CatalogueQueries.List(connection, filter), cancellationToken);

    /// <inheritdoc/>
    public Task<DocumentContent?> FindAsync(string documentId, CancellationToken cancellationToken) =>
        ReadAsync(connection => CatalogueQueries.Find(connection, documentId), cancellationToken);

    public void Dispose()
    {
        lock (_gate)
        {
            _readers.Dispose();
            _writer.Dispose();
        }
    }

    /// <summary>Reads inside one moment of the store. Cancelling ends a running statement.</summary>
    internal async Task<T> ReadAsync<T>(Func<StoreConnection, T> read, CancellationToken cancellationToken)
    {
        using var lease = await _readers.RentAsync(cancellationToken);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return read(lease.Connection);
        }
        catch (SqliteException cause) when (cause.SqliteErrorCode == SqliteCodes.Interrupted && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("the reader went away", cause, cancellationToken);
        }
    }

    private T Write<T>(Func<T> change)
    {
        lock (_gate)
        {
            try
            {
                _writer.Run("BEGIN IMMEDIATE");
                var result = change();
                _writer.Run("COMMIT");
                _collections = CatalogueQueries.Collections(_writer);
                return result;
            }
            catch (SqliteException cause)
            {
                _writer.Rollback();
                throw StoreException.From(cause, Path);
            }
            catch
            {
                _writer.Rollback();
                throw;
            }
        }
    }

    private List<IngestOutcome> ApplyLocked(string collection, IReadOnlyList<StoreChange> changes)
    {
        var number = CollectionNumber(collection) ?? InsertCollection(collection);
        var outcomes = new List<IngestOutcome>(changes.Count);
        foreach (var change in changes)
        {
            switch (change)
            {
                case PutDocument put:
                    outcomes.Add(_documents.Put(number, collection, put));
                    break;
                case PutQuarantined put:
                    outcomes.Add(_documents.Put(number, collection, put));
                    break;
                case TouchDocument touch:
                    _documents.Touch(number, touch);
                    break;
                case RemoveDocument remove when IsIn(number, remove.Id):
                    _documents.Remove(remove.Id);
                    break;
                default:
                    break;
            }
        }

        return outcomes;
    }

    private long? CollectionNumber(string collection) =>
        _writer.Scalar("SELECT number FROM collection WHERE name = $1", collection) is long number ? number : null;

    private bool IsIn(long collection, string documentId) =>
        _writer.Scalar("SELECT 1 FROM document WHERE id = $1 AND collection = $2", documentId, collection) is not null;

    private long InsertCollection(string collection)
    {
        if (!IsCollectionName(collection))
        {
            throw new ArgumentException($"'{collection}' is no name of a collection: lower case a-z, digits and '-', 1 to 128 of them", nameof(collection));
        }

        _writer.Run("INSERT INTO collection(name, created_ticks) VALUES ($1, $2)", collection, _time.GetUtcNow().UtcTicks);
        var number = _writer.Number("SELECT last_insert_rowid()");
        _writer.Run(StoreSchema.CreateTerms(number));
        return number;
    }

    /// <summary>Whether a collection may have this name.</summary>
    public static bool IsCollectionName(string name) =>
        name.Length is > 0 and <= 128 && name.All(unit => unit is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');
}
