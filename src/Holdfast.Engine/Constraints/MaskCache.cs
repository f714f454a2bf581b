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
        var bytes = (8L * mask.Length) + KeyBytes;
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
                _masks.Remove(_order.Dequeue(), out var dropped);
                HeldBytes -= (8L * dropped!.Length) + KeyBytes;
            }
        }
    }
}
