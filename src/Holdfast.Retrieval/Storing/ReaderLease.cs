namespace Holdfast.Retrieval.Storing;

/// <summary>A reading connection until disposed, inside one read transaction: all that is read is of one moment.</summary>
internal sealed class ReaderLease : IDisposable
{
    private readonly ReaderPool _pool;

    public ReaderLease(ReaderPool pool, StoreConnection connection)
    {
        _pool = pool;
        Connection = connection;
        connection.Run("BEGIN DEFERRED");
    }

    public StoreConnection Connection { get; }

    public void Dispose()
    {
        Connection.Rollback();
        _pool.Return(Connection);
    }
}
