using System.Globalization;

namespace Holdfast.Engine.Serving;

/// <summary>
/// The memory that a model may take, and whose limit that is. Asked before the first large allocation: our buffers are touched when they are
/// made, so one that does not fit ends the process without a word, by the runtime or by the kernel.
/// </summary>
/// <param name="Bytes">How much is there.</param>
/// <param name="Owner">Who says so, in words.</param>
internal readonly record struct MemoryRoom(long Bytes, string Owner)
{
    private const string MemoryFile = "/proc/meminfo";

    /// <summary>What is there now; null where nobody knows.</summary>
    public static MemoryRoom? Now()
    {
        var lines = File.Exists(MemoryFile) ? File.ReadAllLines(MemoryFile) : [];
        return Of(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, lines);
    }

    /// <param name="runtimeBytes">What the runtime takes for the memory of the machine or the container; 0: it does not say.</param>
    /// <param name="meminfo">The lines of <c>/proc/meminfo</c>; none where there is no such file.</param>
    public static MemoryRoom? Of(long runtimeBytes, IReadOnlyList<string> meminfo)
    {
        MemoryRoom? room = runtimeBytes > 0 ? new MemoryRoom(runtimeBytes, "this machine") : null;
        if (room is not null && Read(meminfo, "MemTotal:") is { } total && runtimeBytes < total)
        {
            // In a container the runtime keeps its heap to three quarters of the limit; our buffers lie outside the heap.
            room = new MemoryRoom(Math.Min(total, runtimeBytes / 3 * 4), "this container's limit");
        }

        return Read(meminfo, "MemAvailable:") is { } available && !(room?.Bytes <= available) ? new MemoryRoom(available, $"free by {MemoryFile}") : room;
    }

    /// <summary>Why a model does not fit, with what to do; null where it does.</summary>
    public string? Fault(long weightBytes, long kvBytes)
    {
        if (weightBytes + kvBytes <= Bytes)
        {
            return null;
        }

        var kvMax = MiB(Bytes - weightBytes);
        var asked = $"the weights take {MiB(weightBytes)} MiB and engine.kvMiB asks for {MiB(kvBytes)}, together {MiB(weightBytes + kvBytes)} MiB; there are {MiB(Bytes)} ({Owner})";
        return kvMax >= 1 ? $"{asked}. Set engine.kvMiB to {kvMax} or less" : $"{asked}. Take a smaller model, or give it more memory";
    }

    /// <summary>The allocation failed although there seemed to be room.</summary>
    public static string Refused(int kvMiB) => string.Create(
        CultureInfo.InvariantCulture, $"the memory for the weights and for engine.kvMiB ({kvMiB}) was refused by the system. Lower engine.kvMiB, or take a smaller model");

    private static long MiB(long bytes) => bytes >> 20;

    private static long? Read(IReadOnlyList<string> meminfo, string name)
    {
        foreach (var line in meminfo)
        {
            if (line.StartsWith(name, StringComparison.Ordinal)
                && long.TryParse(line.AsSpan(name.Length).Trim().TrimEnd("kB ").Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes))
            {
                return kilobytes << 10;
            }
        }

        return null;
    }
}
