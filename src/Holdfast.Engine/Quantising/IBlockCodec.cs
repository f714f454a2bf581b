namespace Holdfast.Engine.Quantising;

/// <summary>One tensor type: how a block of its bytes means numbers. The plain definition; the kernels have faster ways.</summary>
internal interface IBlockCodec
{
    void Decode(ReadOnlySpan<byte> block, Span<float> values);

    void Encode(ReadOnlySpan<float> values, Span<byte> block);
}
