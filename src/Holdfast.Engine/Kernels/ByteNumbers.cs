using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>
/// Keys and values as signed bytes: scale = largest size of the token's head / 127, rounded to nearest even. Sums run over the widened
/// integers and the unrounded query: an integer dot would have to round the query as well, and widening bytes (two instructions for
/// 16) is already cheaper than widening halves.
/// </summary>
internal readonly unsafe struct ByteNumbers : IKvNumbers
{
    private const float Largest = 127;

    public static int Bytes => sizeof(sbyte);

    public static bool HasScales => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Widen(byte* numbers) => ByteLanes.WidenSigned((sbyte*)numbers);

    public static float Number(byte* numbers, int index) => ((sbyte*)numbers)[index];

    public static void Store(byte* block, int slot, float* key, float* value, int headSize)
    {
        var quants = stackalloc sbyte[headSize];
        KvLayout<ByteNumbers>.KeyScales(block, headSize)[slot] = Quantise(key, headSize, quants);
        for (var d = 0; d < headSize; d++)
        {
            block[d * Attention.BlockTokens + slot] = (byte)quants[d];
        }

        var values = (sbyte*)KvLayout<ByteNumbers>.Values(block, headSize) + slot * headSize;
        KvLayout<ByteNumbers>.ValueScales(block, headSize)[slot] = Quantise(value, headSize, values);
    }

    /// <summary>Gives the scale.</summary>
    private static float Quantise(float* numbers, int length, sbyte* quants)
    {
        var sizes = Vector512<float>.Zero;
        for (var i = 0; i < length; i += Lanes.Width)
        {
            sizes = Vector512.Max(sizes, Vector512.Abs(Vector512.Load(numbers + i)));
        }

        var largest = Lanes.Max(sizes);
        var inverse = Vector512.Create(largest > 0 ? Largest / largest : 0);
        for (var i = 0; i < length; i += Lanes.Width)
        {
            var ints = Vector512.ConvertToInt32Native(Vector512.Round(Vector512.Load(numbers + i) * inverse));
            var shorts = Vector256.Narrow(ints.GetLower(), ints.GetUpper());
            Vector128.Narrow(shorts.GetLower(), shorts.GetUpper()).Store(quants + i);
        }

        // Rows that do not see this token weigh it with 0, and 0 times infinity is no number. KvBlocks tells those that see it.
        return float.IsFinite(largest) ? largest / Largest : 0;
    }
}
