namespace Holdfast.Engine.Tokenizing;

/// <summary>A doubly linked list of symbols in four rented rows; a removed symbol has id -2.</summary>
internal readonly ref struct SymbolChain
{
    public SymbolChain(int[] rented, int count)
    {
        Count = count;
        Ids = rented.AsSpan(0, count);
        Ranks = rented.AsSpan(count, count);
        Next = rented.AsSpan(2 * count, count);
        Previous = rented.AsSpan(3 * count, count);
        for (var i = 0; i < count; i++)
        {
            Next[i] = i + 1;
            Previous[i] = i - 1;
        }
    }

    public int Count { get; }

    public Span<int> Ids { get; }

    public Span<int> Ranks { get; }

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
}
