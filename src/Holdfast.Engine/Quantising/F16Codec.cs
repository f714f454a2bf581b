namespace Holdfast.Engine.Quantising;

internal sealed class F16Codec : IBlockCodec
{
    public void Decode(ReadOnlySpan<byte> block, Span<float> values) => values[0] = HalfBits.Read(block);

    public void Encode(ReadOnlySpan<float> values, Span<byte> block) => HalfBits.Write(block, values[0]);
}
