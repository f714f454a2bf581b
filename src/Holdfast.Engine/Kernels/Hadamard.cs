using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>
/// Turns a head by the Hadamard matrix, scaled so that lengths and products stay: a query and a key turned alike have the product
/// they had. What stood out in one dimension is spread over all, so that a key in bytes loses less. A head of no power of two is
/// turned in groups of the largest power that divides it.
/// </summary>
internal static unsafe class Hadamard
{
    /// <summary>Steps inside 16 lanes: distance 1, 2, 4, 8.</summary>
    private static readonly Vector512<int>[] Partners = [.. Enumerable.Range(0, 4).Select(s => Lane(i => i ^ (1 << s)))];
    private static readonly Vector512<float>[] Signs = [.. Enumerable.Range(0, 4).Select(s => Vector512.ConvertToSingle(Lane(i => (i >> s & 1) == 0 ? 1 : -1)))];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Turn(Span<float> head)
    {
        var group = head.Length & -head.Length;
        var scale = Vector512.Create(1f / MathF.Sqrt(group));
        fixed (float* x = head)
        {
            for (var i = 0; i < head.Length; i += Lanes.Width)
            {
                var lanes = Vector512.Load(x + i) * scale;
                for (var s = 0; s < Partners.Length; s++)
                {
                    lanes = Vector512.FusedMultiplyAdd(lanes, Signs[s], Vector512.Shuffle(lanes, Partners[s]));
                }

                lanes.Store(x + i);
            }

            for (var distance = Lanes.Width; distance < group; distance *= 2)
            {
                for (var i = 0; i < head.Length; i += Lanes.Width)
                {
                    if ((i & distance) == 0)
                    {
                        var (a, b) = (Vector512.Load(x + i), Vector512.Load(x + i + distance));
                        (a + b).Store(x + i);
                        (a - b).Store(x + i + distance);
                    }
                }
            }
        }
    }

    private static Vector512<int> Lane(Func<int, int> value) => Vector512.Create((int[])[.. Enumerable.Range(0, Lanes.Width).Select(value)]);
}
