using System.Numerics;

namespace Holdfast.Engine.Tokenizing;

/// <summary>Which two tokens merge, into which, and how early: open addressing over pairs of ids, 16 bytes a slot.</summary>
internal sealed class MergeTable
{
    private readonly ulong[] _pairs;
    private readonly int[] _ranks;
    private readonly int[] _merged;

    public MergeTable(int count)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, count + (count / 2)));
        _pairs = new ulong[size];
        _ranks = new int[size];
        _merged = new int[size];
        Array.Fill(_pairs, ulong.MaxValue);
    }

    public long HeldBytes => 16L * _pairs.Length;

    /// <summary>Keeps the first rank when a pair comes twice.</summary>
    public void Add(int left, int right, int rank, int merged)
    {
        var slot = SlotOf(left, right);
        if (_pairs[slot] == ulong.MaxValue)
        {
            _pairs[slot] = Pair(left, right);
            _ranks[slot] = rank;
            _merged[slot] = merged;
        }
    }

    /// <summary>The rank, or <see cref="int.MaxValue"/> when the two do not merge.</summary>
    public int Find(int left, int right, out int merged)
    {
        var slot = SlotOf(left, right);
        merged = _merged[slot];
        return _pairs[slot] == ulong.MaxValue ? int.MaxValue : _ranks[slot];
    }

    private static ulong Pair(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    private int SlotOf(int left, int right)
    {
        var pair = Pair(left, right);
        var slot = (int)((pair * 0x9E3779B97F4A7C15UL) >> 32) & (_pairs.Length - 1);
        while (_pairs[slot] != pair && _pairs[slot] != ulong.MaxValue)
        {
            slot = (slot + 1) & (_pairs.Length - 1);
        }

        return slot;
    }
}
