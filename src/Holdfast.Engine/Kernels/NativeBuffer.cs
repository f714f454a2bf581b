using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Engine.Kernels;

/// <summary>
/// Memory outside the managed heap, zeroed and touched when it is made, so that it is really there: a later out-of-memory is
/// impossible. Large buffers ask for 2 MiB pages; decode of a 1B model gained from them, fewer table walks per byte.
/// </summary>
internal sealed unsafe partial class NativeBuffer : SafeHandleZeroOrMinusOneIsInvalid
{
    private const long HugePageBytes = 2 << 20;
    private const int LineBytes = 64;

    /// <summary>MADV_HUGEPAGE of Linux.</summary>
    private const int AdviceHugePage = 14;

    private readonly long _wholeBytes;

    public NativeBuffer(long bytes)
        : base(ownsHandle: true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        Bytes = bytes;
        var isHuge = bytes >= 4 * HugePageBytes;
        var alignment = isHuge ? HugePageBytes : LineBytes;
        _wholeBytes = (bytes + alignment) / alignment * alignment;
        SetHandle((nint)NativeMemory.AlignedAlloc((nuint)_wholeBytes, (nuint)alignment));
        if (isHuge && OperatingSystem.IsLinux())
        {
            // Advice only: where the kernel declines, small pages serve as well.
            _ = Advise(Start, (nuint)_wholeBytes, AdviceHugePage);
        }

        NativeMemory.Clear(Start, (nuint)_wholeBytes);
    }

    public long Bytes { get; }

    public byte* Start => (byte*)handle;

    /// <summary>The whole as floats.</summary>
    public Span<float> AsFloats => new(Floats, checked((int)(Bytes / sizeof(float))));

    public static NativeBuffer OfFloats(long count) => new(count * sizeof(float));

    public float* Floats => (float*)handle;

    public int* Ints => (int*)handle;

    public ushort* Halves => (ushort*)handle;

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint bytes, int advice);
}
