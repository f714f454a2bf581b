using System.Collections.Concurrent;

namespace Holdfast.Retrieval.Storing;

/// <summary>At most <see cref="RetrievalOptions.ReadersMax"/> reading connections, opened when first needed. Who finds none waits for one.</summary>
internal sealed class ReaderPool(string path, RetrievalOptions options) : IDisposable
{
    private readonly SemaphoreSlim _free = new(options.ReadersMax);
    private readonly ConcurrentBag<StoreConnection> _idle = [];
    private volatile bool _isClosed;

    public async ValueTask<ReaderLease> RentAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        await _free.WaitAsync(cancellationToken);
        StoreConnection? connection = null;
        try
        {
            connection = _idle.TryTake(out var idle) ? idle : StoreConnection.OpenReader(path, options);
            return new ReaderLease(this, connection, cancellationToken);
        }
        catch
        {
            connection?.Dispose();
            _free.Release();
            throw;
        }
    }

    public void Return(StoreConnection connection)
    {
        if (_isClosed)
        {
            connection.Dispose();
        }
        else
        {
            _idle.Add(connection);
            _free.Release();
        }
    }

    /// <summary>Closes the idle connections; one that is in use closes when it comes back.</summary>
    public void Dispose()
    {
        _isClosed = true;
        while (_idle.TryTake(out var idle))
        {
            idle.Dispose();
        }

        _free.Dispose();
    }
}
