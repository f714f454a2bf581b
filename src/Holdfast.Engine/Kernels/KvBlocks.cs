namespace Holdfast.Engine.Kernels;

/// <summary>
/// The memory of keys and values: blocks of 16 tokens for all layers, allocated and touched at once. What is in which block is the
/// block pool's business.
/// </summary>
internal sealed unsafe class KvBlocks : IDisposable
{
    private readonly NativeBuffer _buffer;
    private readonly int _blocks;
    private readonly int _heads;
    private readonly long _headBytes;

    public KvBlocks(KvType type, int layers, int blocks, int heads, int headSize)
    {
        (Type, _blocks, _heads, HeadSize) = (type, blocks, heads, headSize);
        _headBytes = Attention.HeadBlockBytes(type, headSize);
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

    public void Write(int layer, int block, int slot, int head, ReadOnlySpan<float> key, ReadOnlySpan<float> value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)block, (uint)_blocks, nameof(block));
        fixed (float* k = key, v = value)
        {
            Attention.Store(Type, Head(layer, head) + block * Stride, slot, k, v, HeadSize);
        }
    }

    public void Dispose() => _buffer.Dispose();
}
