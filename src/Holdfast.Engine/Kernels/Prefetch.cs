using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Holdfast.Engine.Kernels;

/// <summary>Asks for weights a little before they are used: few tokens read each only once, from main memory.</summary>
internal static unsafe class Prefetch
{
    /// <summary>
    /// How far ahead: what 100 nanoseconds of memory latency take at 40 GB/s, twice. With 2 KiB one token ran at 33 GB/s here, with
    /// 4 KiB at 37, with 8 KiB at 40, with 16 KiB at 38. Asking beyond the end of a matrix harms nothing.
    /// </summary>
    private const int Distance = 8192;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* lines, int bytes)
    {
        for (var line = 0; line < bytes && Sse.IsSupported; line += 64)
        {
            Sse.Prefetch0(lines + Distance + line);
        }
    }
}
