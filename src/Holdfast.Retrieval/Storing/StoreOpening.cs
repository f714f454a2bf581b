using Microsoft.Data.Sqlite;

namespace Holdfast.Retrieval.Storing;

/// <summary>Opens the file, makes the tables of a new one, and refuses what is not ours.</summary>
internal static class StoreOpening
{
    public static StoreConnection Open(string path, RetrievalOptions options)
    {
        StoreConnection? connection = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            connection = StoreConnection.OpenWriter(path, options);
            var fault = Prepare(connection, path);
            if (fault is null)
            {
                return connection;
            }

            throw fault;
        }
        catch (SqliteException cause)
        {
            connection?.Dispose();
            throw StoreException.From(cause, path);
        }
        catch (Exception cause) when (cause is UnauthorizedAccessException or IOException)
        {
            throw new StoreException(StoreTrouble.ReadOnly, $"the folder of {path} cannot be used: {cause.Message}", cause);
        }
        catch (StoreException)
        {
            connection?.Dispose();
            throw;
        }
    }

    private static StoreException? Prepare(StoreConnection connection, string path)
    {
        var version = connection.Number("PRAGMA user_version");
        var application = connection.Number("PRAGMA application_id");
        if (version == 0 && application == 0 && connection.Number("SELECT count(*) FROM sqlite_schema") == 0)
        {
            connection.Run("BEGIN IMMEDIATE");
            connection.Run(FormattableString.Invariant($"PRAGMA application_id={StoreSchema.ApplicationId}"));
            connection.Run(FormattableString.Invariant($"PRAGMA user_version={StoreSchema.Version}"));
            connection.Run(StoreSchema.Tables);
            connection.Run("COMMIT");
            return null;
        }

        if (application != StoreSchema.ApplicationId)
        {
            return new StoreException(StoreTrouble.Damaged, $"{path} is a database of another program; choose another data folder (--data)");
        }

        if (version > StoreSchema.Version)
        {
            return new StoreException(
                StoreTrouble.TooNew,
                FormattableString.Invariant($"{path} was written by a newer version (format {version}, this one knows {StoreSchema.Version}); update, or choose another data folder (--data)"));
        }

        var faults = StoreCheck.Totals(connection);
        return faults.Count == 0
            ? null
            : new StoreException(StoreTrouble.Damaged, $"{path} is damaged ({faults[0]}); move it away and start again: the folder is read anew");
    }
}
