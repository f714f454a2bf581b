using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>Keys and values as 16-bit floats.</summary>
internal readonly unsafe struct HalfNumbers : IKvNumbers
{
    public static int Bytes => sizeof(ushort);

    public static bool HasScales => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Widen(byte* numbers) => HalfLanes.Widen((ushort*)numbers);

    public static float Number(byte* numbers, int index) => HalfLanes.Widen(((ushort*)numbers)[index]);

    public static void Store(byte* block, int slot, float* key, float* value, int headSize)
    {
        ushort* keys = (ushort*)block, values = (ushort*)KvLayout<HalfNumbers>.Values(block, headSize) + slot * headSize;
        var narrow = stackalloc ushort[Lanes.Width];
        for (var d = 0; d < headSize; d += Lanes.Width)
        {
            HalfLanes.Narrow(Vector512.Load(key + d), narrow);
            for (var i = 0; i < Lanes.Width; i++)
            {
                keys[(d + i) * Attention.BlockTokens + slot] = narrow[i];
            }

            HalfLanes.Narrow(Vector512.Load(value + d), values + d);
        }
    }
}
