namespace Holdfast.Traffic.Admission;

/// <summary>
/// At most <c>max</c> bytes at a time over all holders. Holds: <c>Held</c> = the bytes of all leases not returned, and never exceeds <c>max</c>.
/// At the bound it refuses at once; waiting belongs to a queue with a deadline.
/// </summary>
public sealed class ByteLimit
{
    private long _held;

    public ByteLimit(long max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        Max = max;
    }

    public long Max { get; }

    public long Held => Interlocked.Read(ref _held);

    /// <summary>A lease of no bytes, which grows and is disposed when its holder ends.</summary>
    public ByteLease Open() => new(this);

    internal bool TryTake(long bytes)
    {
        var seen = Interlocked.Read(ref _held);
        while (bytes <= Max - seen)
        {
            var before = Interlocked.CompareExchange(ref _held, seen + bytes, seen);
            if (before == seen)
            {
                return true;
            }

            seen = before;
        }

        return false;
    }

    internal void Return(long bytes) => Interlocked.Add(ref _held, -bytes);
}
