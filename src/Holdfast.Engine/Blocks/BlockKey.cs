namespace Holdfast.Engine.Blocks;

/// <summary>
/// Names the content of a full block: its tokens and all before it, by a chained 128-bit hash. Two texts with one key would need
/// a collision in 128 bits; the pool compares the block's own tokens besides.
/// </summary>
internal readonly record struct BlockKey(ulong High, ulong Low)
{
    /// <summary>The key before the first block.</summary>
    public static BlockKey Root => new(0x9e3779b97f4a7c15, 0xd1b54a32d192ed03);

    /// <summary>The key of the block that follows this one and holds <paramref name="tokens"/>.</summary>
    public BlockKey Next(ReadOnlySpan<int> tokens)
    {
        var (high, low) = (High, Low);
        foreach (var token in tokens)
        {
            high = Mix(high ^ (uint)token);
            low = Mix(low + ((ulong)(uint)token << 17) + high);
        }

        return new BlockKey(high, low);
    }

    /// <summary>The finaliser of SplitMix64 (public domain).</summary>
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }
}
