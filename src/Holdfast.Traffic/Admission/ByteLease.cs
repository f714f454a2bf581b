namespace Holdfast.Traffic.Admission;

/// <summary>The bytes of one holder under a <see cref="ByteLimit"/>. Returning them twice returns them once.</summary>
public sealed class ByteLease : IDisposable
{
    private readonly ByteLimit _limit;

    // Guards both: a read that outlives its request must not take bytes that nobody returns.
    private readonly Lock _gate = new();
    private long _bytes;
    private bool _isReturned;

    internal ByteLease(ByteLimit limit) => _limit = limit;

    /// <summary>False, with nothing taken, where the bytes would pass the limit or the lease was returned.</summary>
    public bool TryGrow(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        lock (_gate)
        {
            if (_isReturned || !_limit.TryTake(bytes))
            {
                return false;
            }

            _bytes += bytes;
            return true;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _limit.Return(_bytes);
            (_bytes, _isReturned) = (0, true);
        }
    }
}
