using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Holdfast.Engine.Kernels;

/// <summary>Asks for weights a little before they are used: one token reads each only once, from main memory.</summary>
internal static unsafe class Prefetch
{
    /// <summary>How far ahead; <see cref="PackedMatrix"/> has room behind its end for it.</summary>
    public const int Distance = 2048;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* lines, int bytes)
    {
        for (var line = 0; line < bytes; line += 64)
        {
            Sse.Prefetch0(lines + Distance + line);
        }
    }
}
