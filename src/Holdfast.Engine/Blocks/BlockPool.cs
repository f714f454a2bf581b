using System.Diagnostics;

namespace Holdfast.Engine.Blocks;

/// <summary>
/// Who holds which block of the KV memory. A block is held by one sequence or by several that share a prefix; a block that nobody
/// holds stands in one list, in the order in which it will be given away:
/// <code>
/// next to give -> [never used ...][least recently released ... most recently released]
/// </code>
/// A released block keeps its key, so a later prompt with the same beginning finds it there and takes it out again. Pure and
/// clock-free: no lock, one owner. Free + held is always the total.
/// </summary>
internal sealed class BlockPool
{
    private const int None = -1;

    private readonly int[] _holders;
    private readonly int[] _previous;
    private readonly int[] _next;
    private readonly BlockKey[] _keys;
    private readonly bool[] _hasKey;
    private readonly int[] _tokens;
    private readonly Dictionary<BlockKey, int> _known = [];
    private int _first = None;
    private int _last = None;

    public BlockPool(int blocks, int blockTokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockTokens, 1);
        (Blocks, BlockTokens) = (blocks, blockTokens);
        (_holders, _previous, _next) = (new int[blocks], new int[blocks], new int[blocks]);
        (_keys, _hasKey, _tokens) = (new BlockKey[blocks], new bool[blocks], new int[blocks * blockTokens]);
        for (var b = 0; b < blocks; b++)
        {
            Append(b);
        }
    }

    public int Blocks { get; }

    public int BlockTokens { get; }

    /// <summary>Blocks that can be taken, those with a cached prefix among them.</summary>
    public int Free { get; private set; }

    public int Held => Blocks - Free;

    /// <summary>Cached prefixes that had to give way.</summary>
    public long Evictions { get; private set; }

    public bool HasKey(int block) => _hasKey[block];

    public int Holders(int block) => _holders[block];

    /// <summary>Takes a block for new tokens; the oldest cached prefix gives way. False when all are held.</summary>
    public bool TryTake(out int block)
    {
        block = _first;
        if (block == None)
        {
            return false;
        }

        Remove(block);
        if (_hasKey[block])
        {
            _hasKey[block] = false;
            _known.Remove(_keys[block]);
            Evictions++;
        }

        _holders[block] = 1;
        return true;
    }

    /// <summary>Finds the block with this key and these tokens, and holds it. False when it is not there.</summary>
    public bool TryShare(BlockKey key, ReadOnlySpan<int> tokens, out int block)
    {
        if (!_known.TryGetValue(key, out block) || !tokens.SequenceEqual(_tokens.AsSpan(block * BlockTokens, BlockTokens)))
        {
            block = None;
            return false;
        }

        if (_holders[block]++ == 0)
        {
            Remove(block);
        }

        return true;
    }

    /// <summary>Makes a full block findable. Of two with the same content the first one stays: block tables are never rewritten.</summary>
    public void Publish(int block, BlockKey key, ReadOnlySpan<int> tokens)
    {
        Debug.Assert(_holders[block] > 0);
        Debug.Assert(tokens.Length == BlockTokens);
        if (!_hasKey[block] && _known.TryAdd(key, block))
        {
            (_hasKey[block], _keys[block]) = (true, key);
            tokens.CopyTo(_tokens.AsSpan(block * BlockTokens));
        }
    }

    public void Release(int block)
    {
        if (_holders[block] <= 0)
        {
            throw new InvalidOperationException($"block {block} is released and nobody holds it");
        }

        if (--_holders[block] == 0)
        {
            if (_hasKey[block])
            {
                Append(block);
            }
            else
            {
                Prepend(block);
            }
        }
    }

    private void Append(int block)
    {
        (_previous[block], _next[block]) = (_last, None);
        if (_last == None)
        {
            _first = block;
        }
        else
        {
            _next[_last] = block;
        }

        _last = block;
        Free++;
    }

    /// <summary>A block without a cached prefix is given away first.</summary>
    private void Prepend(int block)
    {
        (_previous[block], _next[block]) = (None, _first);
        if (_first == None)
        {
            _last = block;
        }
        else
        {
            _previous[_first] = block;
        }

        _first = block;
        Free++;
    }

    private void Remove(int block)
    {
        var (previous, next) = (_previous[block], _next[block]);
        if (previous == None)
        {
            _first = next;
        }
        else
        {
            _next[previous] = next;
        }

        if (next == None)
        {
            _last = previous;
        }
        else
        {
            _previous[next] = previous;
        }

        Free--;
    }
}
