namespace Holdfast.Engine.Constraints;

/// <summary>
/// A set of configurations that is filled again and again while a trie is walked. It drops nothing and grows as it must: how many ways
/// a schema may be read at once is bounded before, by <see cref="NodeWidths"/>. Adding costs one probe; up to eight are compared one by one.
/// </summary>
internal sealed class ConfigSet
{
    private const int CountByHand = 8;

    private Config[] _items = new Config[CountByHand];

    // The place of an item and the filling it belongs to: so emptying the set costs nothing. Twice as many slots as items, a power of two.
    private (int Filling, int Item)[] _slots = [];
    private int _filling;

    public int Count { get; private set; }

    public ReadOnlySpan<Config> Items => _items.AsSpan(0, Count);

    public void Clear()
    {
        Count = 0;
        if (++_filling == 0)
        {
            Array.Clear(_slots);
            _filling = 1;
        }
    }

    public void Add(in Config config)
    {
        if (Count < CountByHand)
        {
            if (!Items.Contains(config))
            {
                _items[Count++] = config;
            }

            return;
        }

        if (Count == CountByHand || Count == _items.Length)
        {
            Spread();
        }

        ref var slot = ref SlotOf(config);
        if (slot.Filling != _filling)
        {
            slot = (_filling, Count);
            _items[Count++] = config;
        }
    }

    private void Spread()
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, 2 * Count);
            _slots = new (int, int)[2 * _items.Length];
            _filling = 1;
        }

        for (var i = 0; i < Count; i++)
        {
            SlotOf(_items[i]) = (_filling, i);
        }
    }

    private ref (int Filling, int Item) SlotOf(in Config config)
    {
        var at = config.GetHashCode() & (_slots.Length - 1);
        while (_slots[at].Filling == _filling && _items[_slots[at].Item] != config)
        {
            at = (at + 1) & (_slots.Length - 1);
        }

        return ref _slots[at];
    }
}
