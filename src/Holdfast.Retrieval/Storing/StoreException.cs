using Microsoft.Data.Sqlite;

namespace Holdfast.Retrieval.Storing;

/// <summary>The store cannot be used now. Its message is one line with the remedy; what was being written is not there at all.</summary>
public sealed class StoreException : Exception
{
    internal StoreException(StoreTrouble trouble, string message, Exception? cause = null)
        : base(message, cause) => Trouble = trouble;

    public StoreTrouble Trouble { get; }

    internal static StoreException From(SqliteException cause, string path)
    {
        var trouble = cause.SqliteErrorCode switch
        {
            SqliteCodes.Full => StoreTrouble.DiskFull,
            SqliteCodes.ReadOnly or SqliteCodes.CannotOpen or SqliteCodes.Permission => StoreTrouble.ReadOnly,
            SqliteCodes.Busy or SqliteCodes.Locked => StoreTrouble.Busy,
            SqliteCodes.Corrupt or SqliteCodes.NotADatabase => StoreTrouble.Damaged,
            _ => StoreTrouble.Device,
        };
        return new StoreException(trouble, Say(trouble, path, cause.Message), cause);
    }

    private static string Say(StoreTrouble trouble, string path, string cause) => trouble switch
    {
        StoreTrouble.DiskFull => $"no room left to write {path}; nothing of this batch was stored: free some space, it will be tried again",
        StoreTrouble.ReadOnly => $"{path} cannot be opened for writing; check the owner and mode of the file and its folder",
        StoreTrouble.Busy => $"{path} is held by another process; end that one first",
        StoreTrouble.Damaged => $"{path} is not a readable store; move it away and start again: the folder is read anew",
        _ => $"{path} cannot be used: {cause}",
    };
}
