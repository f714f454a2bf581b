using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Holdfast.Engine.Kernels;

namespace Holdfast.Bench.Rows;

/// <summary>How fast threads read memory front to back, as STREAM does: what no decoder can beat once its weights do not fit the caches.</summary>
internal static class ReaderRate
{
    private const long BytesPerThread = 512L << 20;
    private const int Rounds = 7;

    /// <summary>Bytes per second of all threads together, best of some rounds.</summary>
    public static double Measure(int threads)
    {
        var buffers = Enumerable.Range(0, threads).Select(_ => new NativeBuffer(BytesPerThread)).ToArray();
        using var pool = new WorkerPool(threads);
        var best = TimeSpan.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var start = TimeProvider.System.GetTimestamp();
            pool.Run(threads, (chunk, _) => Sum(buffers[chunk].AsFloats));
            var took = TimeProvider.System.GetElapsedTime(start);
            best = took < best ? took : best;
        }

        Array.ForEach(buffers, b => b.Dispose());
        return threads * BytesPerThread / best.TotalSeconds;
    }

    private static void Sum(ReadOnlySpan<float> values)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var (a, b, c, d) = (Vector512<int>.Zero, Vector512<int>.Zero, Vector512<int>.Zero, Vector512<int>.Zero);
        for (nuint i = 0; i < (nuint)values.Length; i += 64)
        {
            a += Vector512.LoadUnsafe(ref start, i).AsInt32();
            b += Vector512.LoadUnsafe(ref start, i + 16).AsInt32();
            c += Vector512.LoadUnsafe(ref start, i + 32).AsInt32();
            d += Vector512.LoadUnsafe(ref start, i + 48).AsInt32();
        }

        // Used, so that the loads are not compiled away: the memory is all zeros.
        if (a + b + c + d != Vector512<int>.Zero)
        {
            throw new InvalidOperationException("memory that was cleared is not zero");
        }
    }
}
