using System.Buffers.Binary;

namespace Holdfast.Engine.Quantising;

/// <summary>The upper half of a float, rounded to nearest even.</summary>
internal sealed class BF16Codec : IBlockCodec
{
    public void Decode(ReadOnlySpan<byte> block, Span<float> values) =>
        values[0] = BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(block) << 16);

    public void Encode(ReadOnlySpan<float> values, Span<byte> block)
    {
        var bits = BitConverter.SingleToUInt32Bits(values[0]);
        var rounded = float.IsNaN(values[0]) ? (bits >> 16) | 0x40 : (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
        BinaryPrimitives.WriteUInt16LittleEndian(block, (ushort)rounded);
    }
}
