using System.Buffers;

namespace Holdfast.Engine.Tokenizing;

/// <summary>
/// A doubly linked list of symbols in three rows of numbers: 12 bytes a symbol. A removed symbol has id -2. The rows of a long chain are
/// its own: the shared pool would keep a caller's 15 MB of letters as 180 MB for good.
/// </summary>
internal readonly ref struct SymbolChain : IDisposable
{
    /// <summary>Numbers of a chain that may come from the pool; 1.5 MiB.</summary>
    private const int PooledMax = 3 << 17;

    private readonly int[] _rows;

    public SymbolChain(int count)
    {
        Count = count;
        var length = checked(3 * count);
        _rows = length <= PooledMax ? ArrayPool<int>.Shared.Rent(length) : GC.AllocateUninitializedArray<int>(length);
        Ids = _rows.AsSpan(0, count);
        Next = _rows.AsSpan(count, count);
        Previous = _rows.AsSpan(2 * count, count);
        for (var i = 0; i < count; i++)
        {
            Next[i] = i + 1;
            Previous[i] = i - 1;
        }
    }

    public int Count { get; }

    public Span<int> Ids { get; }

    public Span<int> Next { get; }

    public Span<int> Previous { get; }

    public void Remove(int symbol)
    {
        Ids[symbol] = -2;
        Next[Previous[symbol]] = Next[symbol];
        if (Next[symbol] < Count)
        {
            Previous[Next[symbol]] = Previous[symbol];
        }
    }

    public void Dispose()
    {
        if (3 * Count <= PooledMax)
        {
            ArrayPool<int>.Shared.Return(_rows);
        }
    }
}
