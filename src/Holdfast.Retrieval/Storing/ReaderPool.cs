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
        try
        {
            return new ReaderLease(this, _idle.TryTake(out var idle) ? idle : StoreConnection.OpenReader(path, options));
        }
        catch
        {
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

    /// <summary>Closes the idle connections, for a table that is to be dropped; those in use stay.</summary>
    public void CloseIdle()
    {
        while (_idle.TryTake(out var idle))
        {
            idle.Dispose();
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        CloseIdle();
        _free.Dispose();
    }
}
