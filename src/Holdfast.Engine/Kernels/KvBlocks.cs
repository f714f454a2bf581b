namespace Holdfast.Engine.Kernels;

/// <summary>
/// The memory of keys and values: blocks of 16 tokens for all layers, allocated and touched at once. What is in which block is the
/// block pool's business.
/// <para>
/// Halves and bytes hold neither NaN nor infinity: the largest half would stand for them, and an overflow would end as an answer. So a
/// token that had one in a key or value is remembered here, and whoever attends to it gets no number either.
/// </para>
/// </summary>
internal sealed unsafe class KvBlocks : IDisposable
{
    private readonly NativeBuffer _buffer;
    private readonly int _blocks;
    private readonly int _heads;
    private readonly long _headBytes;

    /// <summary>Of each slot of each block. A slot belongs to the one worker that writes its token.</summary>
    private readonly bool[] _isLost;
    private bool _hasLost;

    public KvBlocks(KvType type, int layers, int blocks, int heads, int headSize)
    {
        (Type, _blocks, _heads, HeadSize) = (type, blocks, heads, headSize);
        _headBytes = Attention.HeadBlockBytes(type, headSize);
        _isLost = new bool[blocks * Attention.BlockTokens];
        _buffer = new NativeBuffer(BytesOfBlock(type, layers, heads, headSize) * blocks);
    }

    public KvType Type { get; }

    public int HeadSize { get; }

    public long Bytes => _buffer.Bytes;

    /// <summary>Bytes from a block of a layer to the next.</summary>
    public long Stride => _heads * _headBytes;

    /// <summary>Bytes of one block, all layers together.</summary>
    public static long BytesOfBlock(KvType type, int layers, int heads, int headSize) =>
        (long)layers * heads * Attention.HeadBlockBytes(type, headSize);

    /// <summary>Block 0 of a head in a layer.</summary>
    public byte* Head(int layer, int head) => _buffer.Start + layer * _blocks * Stride + head * _headBytes;

    /// <summary>Stores a token's key and value. A new token starts with the first head of the first layer.</summary>
    public void Write(int layer, int block, int slot, int head, ReadOnlySpan<float> key, ReadOnlySpan<float> value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)block, (uint)_blocks, nameof(block));
        var isLost = !RowMath.AreFinite(key) || !RowMath.AreFinite(value);
        if (isLost || (layer == 0 && head == 0))
        {
            _isLost[block * Attention.BlockTokens + slot] = isLost;
            _hasLost |= isLost;
        }

        fixed (float* k = key, v = value)
        {
            Attention.Store(Type, Head(layer, head) + block * Stride, slot, k, v, HeadSize);
        }
    }

    /// <summary>Whether one of the first <paramref name="length"/> tokens of a sequence had a key or value that was not finite.</summary>
    public bool SeesLost(ReadOnlySpan<int> blocks, int length)
    {
        if (!_hasLost)
        {
            return false;
        }

        for (var first = 0; first < length; first += Attention.BlockTokens)
        {
            var slots = _isLost.AsSpan(blocks[first / Attention.BlockTokens] * Attention.BlockTokens, Math.Min(Attention.BlockTokens, length - first));
            if (slots.Contains(true))
            {
                return true;
            }
        }

        return false;
    }

    public void Dispose() => _buffer.Dispose();
}
