using System.Buffers.Binary;

namespace Holdfast.Engine.Quantising;

internal sealed class F32Codec : IBlockCodec
{
    public void Decode(ReadOnlySpan<byte> block, Span<float> values) => values[0] = BinaryPrimitives.ReadSingleLittleEndian(block);

    public void Encode(ReadOnlySpan<float> values, Span<byte> block) => BinaryPrimitives.WriteSingleLittleEndian(block, values[0]);
}
