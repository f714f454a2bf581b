namespace Holdfast.Engine.Constraints;

/// <summary>Masks already worked out, bounded in bytes; the oldest goes first. Shared by all requests, so it has a lock.</summary>
internal sealed class MaskCache(long bytesMax)
{
    // A key holds a few frames and configurations.
    private const int KeyBytes = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<(ConstraintGrammar Grammar, ConstraintState State), ulong[]> _masks = [];
    private readonly Queue<(ConstraintGrammar Grammar, ConstraintState State)> _order = new();

    public long HeldBytes { get; private set; }

    public ulong[]? Find(ConstraintGrammar grammar, ConstraintState state)
    {
        lock (_gate)
        {
            return _masks.GetValueOrDefault((grammar, state));
        }
    }

    public void Keep(ConstraintGrammar grammar, ConstraintState state, ulong[] mask)
    {
        // The grammar is counted with every mask: a cache full of large schemas holds fewer masks, never more memory.
        var bytes = Bytes(grammar, mask);
        if (bytes > bytesMax)
        {
            return;
        }

        lock (_gate)
        {
            if (!_masks.TryAdd((grammar, state), mask))
            {
                return;
            }

            _order.Enqueue((grammar, state));
            HeldBytes += bytes;
            while (HeldBytes > bytesMax)
            {
                var oldest = _order.Dequeue();
                _masks.Remove(oldest, out var dropped);
                HeldBytes -= Bytes(oldest.Grammar, dropped!);
            }
        }
    }

    private static long Bytes(ConstraintGrammar grammar, ulong[] mask) => (8L * mask.Length) + KeyBytes + grammar.HeldBytes;
}
