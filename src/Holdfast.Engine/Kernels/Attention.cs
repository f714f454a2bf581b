namespace Holdfast.Engine.Kernels;

/// <summary>Attention over KV blocks of 16 tokens, for each type of keys and values.</summary>
internal static unsafe class Attention
{
    public const int BlockTokens = 16;

    /// <summary>Bytes that one head takes in a block.</summary>
    public static int HeadBlockBytes(KvType type, int headSize) =>
        type == KvType.Eight ? KvLayout<ByteNumbers>.HeadBlockBytes(headSize) : KvLayout<HalfNumbers>.HeadBlockBytes(headSize);

    /// <summary>Scores from one row of a tile to the next: whole pairs of blocks.</summary>
    public static int Stride(int tokens) => (tokens + 2 * BlockTokens - 1) / (2 * BlockTokens) * 2 * BlockTokens;

    /// <summary>Floats of scratch for a tile that sees up to <paramref name="tokensMax"/> tokens.</summary>
    public static long ScratchFloats(int tokensMax) => (long)AttentionTile.RowsMax * Stride(tokensMax);

    /// <summary>Stores a token's key and value in a head's block.</summary>
    public static void Store(KvType type, byte* block, int slot, float* key, float* value, int headSize)
    {
        if (type == KvType.Eight)
        {
            ByteNumbers.Store(block, slot, key, value, headSize);
        }
        else
        {
            HalfNumbers.Store(block, slot, key, value, headSize);
        }
    }

    public static void Run(KvType type, in AttentionTile tile, float* scores)
    {
        if (type == KvType.Eight)
        {
            BlockAttention<ByteNumbers>.Run(tile, scores);
        }
        else
        {
            BlockAttention<HalfNumbers>.Run(tile, scores);
        }
    }
}
