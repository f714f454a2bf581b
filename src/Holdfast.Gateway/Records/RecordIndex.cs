using System.Globalization;
using Holdfast.Abstractions.Recording;
using Microsoft.Data.Sqlite;

namespace Holdfast.Gateway.Records;

/// <summary>
/// The index of requests and their usage in SQLite. Rows are keyed by request id, so a batch that is written twice counts once.
/// The writer loop is the only one that writes; readers open their own connections.
/// </summary>
internal sealed class RecordIndex : IDisposable
{
    private const string Schema = """
        create table if not exists requests(
          id text primary key, sequence integer not null, at integer not null, key text, route text not null, model text, answered_by text,
          status integer not null, microseconds integer not null, ttft integer, prompt_tokens integer, completion_tokens integer,
          cached_tokens integer, source text, note text, file text, offset integer, length integer) without rowid
        """;

    private const string Insert = """
        insert or ignore into requests values
          ($id, $sequence, $at, $key, $route, $model, $answered_by, $status, $microseconds, $ttft, $prompt_tokens, $completion_tokens,
           $cached_tokens, $source, $note, $file, $offset, $length)
        """;

    private const string Columns =
        "id, at, key, route, model, answered_by, status, microseconds, ttft, prompt_tokens, completion_tokens, note, file, offset, length";

    private static readonly string[] Names =
    [
        "$id", "$sequence", "$at", "$key", "$route", "$model", "$answered_by", "$status", "$microseconds", "$ttft", "$prompt_tokens",
        "$completion_tokens", "$cached_tokens", "$source", "$note", "$file", "$offset", "$length",
    ];

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;

    private RecordIndex(string path, bool isReadOnly)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = isReadOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,
            Cache = SqliteCacheMode.Private,
            Pooling = false,
            DefaultTimeout = 5,
        }.ToString());
        _connection.Open();
        if (!isReadOnly)
        {
            Run("pragma journal_mode=wal");
            Run("pragma synchronous=normal");
            Run(Schema);
        }

        _insert = _connection.CreateCommand();
        _insert.CommandText = Insert;
        foreach (var name in Names)
        {
            _insert.Parameters.Add(new SqliteParameter { ParameterName = name, Value = DBNull.Value });
        }
    }

    public static string PathIn(string dataFolder) => Path.Combine(dataFolder, "requests.db");

    public static RecordIndex Open(string dataFolder) => new(PathIn(dataFolder), isReadOnly: false);

    /// <summary>Null when nothing was ever recorded.</summary>
    public static RecordIndex? OpenToRead(string dataFolder) =>
        File.Exists(PathIn(dataFolder)) ? new RecordIndex(PathIn(dataFolder), isReadOnly: true) : null;

    public void Add(IReadOnlyList<IndexRow> rows)
    {
        using var transaction = _connection.BeginTransaction();
        _insert.Transaction = transaction;
        foreach (var row in rows)
        {
            Bind(row);
            _insert.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    public long LastSequence() => Scalar("select coalesce(max(sequence), 0) from requests");

    public long Count() => Scalar("select count(*) from requests");

    /// <summary>End of the last trace of a file that the index knows.</summary>
    public long IndexedEnd(string file)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "select coalesce(max(offset + length), 0) from requests where file = $file and id >= (select coalesce(min(id), '') from (select id from requests order by id desc limit 100000))";
        command.Parameters.AddWithValue("$file", file);
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Keeps the newest rows; a page of the file is used again, so it stops growing.</summary>
    public void Trim(int rowsMax)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "delete from requests where id <= (select id from requests order by id desc limit 1 offset $keep)";
        command.Parameters.AddWithValue("$keep", rowsMax);
        command.ExecuteNonQuery();
    }

    public IReadOnlyList<TraceRow> List(int limit, string? before)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"select {Columns} from requests where $before is null or id < $before order by id desc limit $limit";
        command.Parameters.AddWithValue("$before", (object?)before ?? DBNull.Value);
        command.Parameters.AddWithValue("$limit", limit);
        using var reader = command.ExecuteReader();
        var rows = new List<TraceRow>();
        while (reader.Read())
        {
            rows.Add(Read(reader));
        }

        return rows;
    }

    /// <summary>The row, and where its trace stands.</summary>
    public IndexRow? Find(string id)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"select {Columns} from requests where id = $id";
        command.Parameters.AddWithValue("$id", id);
        using var reader = command.ExecuteReader();
        return reader.Read()
            ? new IndexRow(0, Read(reader), null, reader.IsDBNull(12) ? null : reader.GetString(12), reader.IsDBNull(13) ? 0 : reader.GetInt64(13), reader.IsDBNull(14) ? 0 : reader.GetInt32(14))
            : null;
    }

    public void Dispose()
    {
        _insert.Dispose();
        _connection.Dispose();
    }

    private void Bind(IndexRow row)
    {
        object?[] values =
        [
            row.Row.Id, row.Sequence, row.Row.At.ToUnixTimeMilliseconds(), row.Row.Key, row.Row.Route, row.Row.Model, row.Row.AnsweredBy,
            row.Row.Status, row.Row.Microseconds, row.Row.TtftMicroseconds, row.Usage?.PromptTokens, row.Usage?.CompletionTokens,
            row.Usage?.CachedTokens, row.Usage?.Source, row.Row.Note, row.File, row.Offset, row.Length,
        ];
        for (var i = 0; i < values.Length; i++)
        {
            _insert.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
    }

    private static TraceRow Read(SqliteDataReader reader) => new()
    {
        Id = reader.GetString(0),
        At = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1)),
        Key = Text(reader, 2),
        Route = reader.GetString(3),
        Model = Text(reader, 4),
        AnsweredBy = Text(reader, 5),
        Status = reader.GetInt32(6),
        Microseconds = reader.GetInt64(7),
        TtftMicroseconds = reader.IsDBNull(8) ? null : reader.GetInt64(8),
        PromptTokens = reader.IsDBNull(9) ? null : reader.GetInt32(9),
        CompletionTokens = reader.IsDBNull(10) ? null : reader.GetInt32(10),
        Note = Text(reader, 11),
    };

    private static string? Text(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private long Scalar(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
