using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Holdfast.Retrieval.Storing;

/// <summary>
/// One connection with its prepared statements. Not safe for two threads: the writer's is held under the store's gate, a reader's
/// by its lease. Every setting that matters is set here, even where it equals SQLite's default.
/// </summary>
internal sealed class StoreConnection : IDisposable
{
    // Statements of the program itself: about thirty. Those of filters differ each time and are not kept.
    private const int StatementsMax = 64;
    private static readonly string[] Names = [.. Enumerable.Range(1, 256).Select(number => FormattableString.Invariant($"${number}"))];

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _statements = new(StringComparer.Ordinal);

    private StoreConnection(SqliteConnection connection) => _connection = connection;

    public bool IsInTransaction => raw.sqlite3_get_autocommit(_connection.Handle) == 0;

    public static StoreConnection OpenWriter(string path, RetrievalOptions options)
    {
        var connection = Open(path, SqliteOpenMode.ReadWriteCreate, options, options.WriterCacheBytes);
        try
        {
            connection.Run("PRAGMA journal_mode=WAL");

            // FULL: one flush per batch, so that an upload which was acknowledged outlives a power cut (it has no second copy).
            connection.Run("PRAGMA synchronous=FULL");
            connection.Run("PRAGMA wal_autocheckpoint=1000");
            connection.Run("PRAGMA journal_size_limit=67108864");
            connection.Run(FormattableString.Invariant($"PRAGMA max_page_count={options.StorePagesMax}"));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static StoreConnection OpenReader(string path, RetrievalOptions options)
    {
        var connection = Open(path, SqliteOpenMode.ReadWrite, options, options.ReaderCacheBytes);
        connection.Run("PRAGMA query_only=ON");
        return connection;
    }

    public void Run(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteNonQuery();

    public SqliteDataReader Query(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteReader();

    public long Number(string sql, params ReadOnlySpan<object?> values) =>
        Convert.ToInt64(Bind(sql, values).ExecuteScalar() ?? 0L, System.Globalization.CultureInfo.InvariantCulture);

    public object? Scalar(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteScalar();

    /// <summary>Ends the statement that runs now, from any thread; none runs: nothing happens.</summary>
    public void Interrupt() => raw.sqlite3_interrupt(_connection.Handle);

    public void Rollback()
    {
        // A full disk makes SQLite roll back by itself; a second one would be an error of its own.
        if (IsInTransaction)
        {
            Run("ROLLBACK");
        }
    }

    public void Dispose()
    {
        ForgetStatements();
        _connection.Dispose();
    }

    /// <summary>After a table was dropped its statements must not keep it busy.</summary>
    public void ForgetStatements()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _statements.Clear();
    }

    private static StoreConnection Open(string path, SqliteOpenMode mode, RetrievalOptions options, int cacheBytes)
    {
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Cache = SqliteCacheMode.Private,
            Pooling = false,
            ForeignKeys = false,
            DefaultTimeout = Math.Max(1, (int)options.BusyTimeout.TotalSeconds),
        };
        var connection = new SqliteConnection(settings.ConnectionString);
        try
        {
            connection.Open();
            var opened = new StoreConnection(connection);
            opened.Run(FormattableString.Invariant($"PRAGMA busy_timeout={(int)options.BusyTimeout.TotalMilliseconds}"));
            opened.Run(FormattableString.Invariant($"PRAGMA cache_size={-(cacheBytes >> 10)}"));

            // A mapped page of a file that another process cut short is a signal that ends the process.
            opened.Run("PRAGMA mmap_size=0");
            opened.Run("PRAGMA temp_store=MEMORY");
            opened.Run("PRAGMA trusted_schema=OFF");
            return opened;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> values)
    {
        if (!_statements.TryGetValue(sql, out var command))
        {
            if (_statements.Count == StatementsMax)
            {
                ForgetStatements();
            }

            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (var index = 0; index < values.Length; index++)
            {
                command.Parameters.AddWithValue(Name(index), DBNull.Value);
            }

            _statements.Add(sql, command);
        }

        for (var index = 0; index < values.Length; index++)
        {
            command.Parameters[index].ResetSqliteType();
            command.Parameters[index].Value = values[index] ?? DBNull.Value;
        }

        return command;
    }

    private static string Name(int index) => index < Names.Length ? Names[index] : FormattableString.Invariant($"${index + 1}");
}
