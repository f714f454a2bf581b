namespace Holdfast.Engine.Tokenizing;

/// <summary>A binary heap of (rank, position), lowest rank first and leftmost among equals; it never shrinks.</summary>
internal sealed class MergeQueue
{
    private ulong[] _heap = new ulong[64];
    private int _count;

    /// <summary>Empties it, with room for that many: growing by doubling would hold the entries twice and half again.</summary>
    public void Clear(int room)
    {
        _count = 0;
        _heap = _heap.Length < room ? new ulong[room] : _heap;
    }

    public void Push(int rank, int position)
    {
        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, _count * 2);
        }

        var key = ((ulong)(uint)rank << 32) | (uint)position;
        var place = _count++;
        while (place > 0 && _heap[(place - 1) / 2] > key)
        {
            _heap[place] = _heap[(place - 1) / 2];
            place = (place - 1) / 2;
        }

        _heap[place] = key;
    }

    public bool TryPop(out int rank, out int position)
    {
        if (_count == 0)
        {
            rank = position = 0;
            return false;
        }

        rank = (int)(_heap[0] >> 32);
        position = (int)_heap[0];
        var last = _heap[--_count];
        var place = 0;
        while (true)
        {
            var child = (2 * place) + 1;
            if (child >= _count)
            {
                break;
            }

            child += child + 1 < _count && _heap[child + 1] < _heap[child] ? 1 : 0;
            if (_heap[child] >= last)
            {
                break;
            }

            _heap[place] = _heap[child];
            place = child;
        }

        _heap[place] = last;
        return true;
    }
}
