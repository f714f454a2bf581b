using System.Buffers.Binary;

namespace Holdfast.Engine.Quantising;

/// <summary>Little-endian half-precision numbers inside blocks.</summary>
internal static class HalfBits
{
    public static float Read(ReadOnlySpan<byte> bytes) => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes);

    public static void Write(Span<byte> bytes, float value) => BinaryPrimitives.WriteHalfLittleEndian(bytes, (Half)value);
}
