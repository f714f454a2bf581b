namespace Holdfast.Retrieval.Storing;

/// <summary>A reading connection until disposed, inside one read transaction: all that is read is of one moment.</summary>
internal sealed class ReaderLease : IDisposable
{
    private readonly ReaderPool _pool;
    private readonly CancellationTokenRegistration _interrupt;

    public ReaderLease(ReaderPool pool, StoreConnection connection, CancellationToken cancellationToken)
    {
        _pool = pool;
        Connection = connection;
        connection.Run("BEGIN DEFERRED");

        // A client that went away must not keep a core busy until a long search ends.
        _interrupt = cancellationToken.UnsafeRegister(static connection => ((StoreConnection)connection!).Interrupt(), connection);
    }

    public StoreConnection Connection { get; }

    public void Dispose()
    {
        _interrupt.Dispose();
        Connection.Rollback();
        _pool.Return(Connection);
    }
}
