namespace Holdfast.Engine.Quantising;

/// <summary>A type that stores small integers: gives them as they lie in the block, unsigned, before bias, scale and minimum.</summary>
internal interface IQuantCodec : IBlockCodec
{
    void Quants(ReadOnlySpan<byte> block, Span<byte> quants);
}
