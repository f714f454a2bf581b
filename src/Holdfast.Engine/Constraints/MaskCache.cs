namespace Holdfast.Engine.Constraints;

/// <summary>Masks already worked out, one for each configuration, bounded in bytes; the oldest goes first. Shared by all requests, so it has a lock.</summary>
internal sealed class MaskCache(long bytesMax)
{
    // A key holds a few frames and configurations.
    private const int KeyBytes = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<(ConstraintGrammar Grammar, Config At), ulong[]> _masks = [];
    private readonly Queue<(ConstraintGrammar Grammar, Config At)> _order = new();

    public long HeldBytes { get; private set; }

    public ulong[]? Find(ConstraintGrammar grammar, in Config at)
    {
        lock (_gate)
        {
            return _masks.GetValueOrDefault((grammar, at));
        }
    }

    public void Keep(ConstraintGrammar grammar, in Config at, ulong[] mask)
    {
        // The grammar is counted with every mask: a cache full of large schemas holds fewer masks, never more memory.
        var bytes = Bytes(grammar, mask);
        if (bytes > bytesMax)
        {
            return;
        }

        lock (_gate)
        {
            if (!_masks.TryAdd((grammar, at), mask))
            {
                return;
            }

            _order.Enqueue((grammar, at));
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
