using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Holdfast.Gateway.Keys;

/// <summary>Keys on disk. Only creating, revoking and starting touch it; no request does.</summary>
internal sealed class KeyStore
{
    private const string Schema = """
        create table if not exists keys(
          id text primary key, name text not null, role integer not null, hash blob not null unique,
          created_at text not null, revoked_at text) without rowid
        """;

    private readonly string _connection;

    public KeyStore(string dataFolder)
    {
        Directory.CreateDirectory(dataFolder);
        _connection = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(dataFolder, "keys.db"),
            Mode = SqliteOpenMode.ReadWriteCreate,
            Cache = SqliteCacheMode.Private,
            Pooling = false,
            DefaultTimeout = 5,
        }.ToString();
        using var open = Open();
        Run(open, "pragma journal_mode=wal");
        Run(open, Schema);
    }

    public List<(KeyRow Row, byte[] Hash)> Load()
    {
        using var open = Open();
        using var command = open.CreateCommand();
        command.CommandText = "select id, name, role, hash, created_at, revoked_at from keys order by created_at, id";
        using var reader = command.ExecuteReader();
        var rows = new List<(KeyRow, byte[])>();
        while (reader.Read())
        {
            var row = new KeyRow(
                reader.GetString(0),
                reader.GetString(1),
                (KeyRole)reader.GetInt32(2),
                Instant(reader.GetString(4)),
                reader.IsDBNull(5) ? null : Instant(reader.GetString(5)));
            rows.Add((row, reader.GetFieldValue<byte[]>(3)));
        }

        return rows;
    }

    public void Add(KeyRow row, byte[] hash)
    {
        using var open = Open();
        using var command = open.CreateCommand();
        command.CommandText = "insert into keys(id, name, role, hash, created_at) values ($id, $name, $role, $hash, $at)";
        command.Parameters.AddWithValue("$id", row.Id);
        command.Parameters.AddWithValue("$name", row.Name);
        command.Parameters.AddWithValue("$role", (int)row.Role);
        command.Parameters.AddWithValue("$hash", hash);
        command.Parameters.AddWithValue("$at", row.CreatedAt.ToString("O", CultureInfo.InvariantCulture));
        command.ExecuteNonQuery();
    }

    public void Revoke(string id, DateTimeOffset at)
    {
        using var open = Open();
        using var command = open.CreateCommand();
        command.CommandText = "update keys set revoked_at = $at where id = $id and revoked_at is null";
        command.Parameters.AddWithValue("$id", id);
        command.Parameters.AddWithValue("$at", at.ToString("O", CultureInfo.InvariantCulture));
        command.ExecuteNonQuery();
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connection);
        connection.Open();
        return connection;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
}
