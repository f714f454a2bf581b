using System.Runtime.CompilerServices;

namespace Holdfast.Engine.Kernels;

/// <summary>Where the parts of a head's block are: keys, values, scales of the keys, scales of the values.</summary>
internal static unsafe class KvLayout<TNumbers>
    where TNumbers : struct, IKvNumbers
{
    public static int HeadBlockBytes(int headSize) =>
        2 * Attention.BlockTokens * (headSize * TNumbers.Bytes + (TNumbers.HasScales ? sizeof(float) : 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Values(byte* block, int headSize) => block + Attention.BlockTokens * headSize * TNumbers.Bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* KeyScales(byte* block, int headSize) => (float*)(block + 2 * Attention.BlockTokens * headSize * TNumbers.Bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* ValueScales(byte* block, int headSize) => KeyScales(block, headSize) + Attention.BlockTokens;
}
