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

    public KvBlocks(int layers, int blocks, int heads, int headSize)
    {
        (_blocks, _heads, HeadSize) = (blocks, heads, headSize);
        BlockBytes = (long)layers * heads * Attention.HeadBlockHalves(headSize) * sizeof(ushort);
        _buffer = new NativeBuffer(BlockBytes * blocks);
    }

    public int HeadSize { get; }

    /// <summary>Bytes of one block, all layers together.</summary>
    public long BlockBytes { get; }

    public long Bytes => _buffer.Bytes;

    /// <summary>Halves from a block of a layer to the next.</summary>
    public long Stride => _heads * Attention.HeadBlockHalves(HeadSize);

    /// <summary>Block 0 of a head in a layer.</summary>
    public ushort* Head(int layer, int head) =>
        _buffer.Halves + (long)layer * _blocks * Stride + head * Attention.HeadBlockHalves(HeadSize);

    public void Write(int layer, int block, int slot, int head, ReadOnlySpan<float> key, ReadOnlySpan<float> value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)block, (uint)_blocks, nameof(block));
        fixed (float* k = key, v = value)
        {
            Attention.Write(Head(layer, head) + block * Stride, slot, k, v, HeadSize);
        }
    }

    public void Dispose() => _buffer.Dispose();
}
