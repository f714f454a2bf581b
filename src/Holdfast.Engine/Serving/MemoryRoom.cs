using System.Globalization;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Models;

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
        var memberships = File.Exists(CgroupMemory.Memberships) ? File.ReadAllLines(CgroupMemory.Memberships) : [];
        var meminfo = File.Exists(MemoryFile) ? File.ReadAllLines(MemoryFile) : [];
        return Of(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, meminfo, CgroupMemory.Free(CgroupMemory.Root, memberships));
    }

    /// <param name="runtimeBytes">What the runtime takes for the memory of the machine; asked only where the system says nothing, because a limit of the heap alone shows in it too.</param>
    /// <param name="meminfo">The lines of <c>/proc/meminfo</c>; none where there is no such file.</param>
    /// <param name="groupBytes">What the container leaves; null where there is none.</param>
    public static MemoryRoom? Of(long runtimeBytes, IReadOnlyList<string> meminfo, long? groupBytes)
    {
        var machine = Read(meminfo, "MemAvailable:") is { } available ? new MemoryRoom(available, $"free by {MemoryFile}")
            : runtimeBytes > 0 ? new MemoryRoom(runtimeBytes, "this machine")
            : (MemoryRoom?)null;
        return groupBytes is { } group && !(machine?.Bytes <= group) ? new MemoryRoom(group, "left of this container's limit") : machine;
    }

    /// <summary>Why a model does not fit, with what to do; null where it does. <paramref name="isSet"/>: a setting says how many keys and values.</summary>
    public string? Fault(MemoryNeed need, bool isSet = true)
    {
        if (need.Total <= Bytes)
        {
            return null;
        }

        var kvMax = MiB(Bytes - need.Weights - need.Beside);
        var asked = $"the weights take {MiB(need.Weights)} MiB, what is computed with them {MiB(need.Beside)} and {(isSet ? "engine.kvMiB asks for" : "keys and values")} {MiB(need.Kv)}, together {MiB(need.Total)} MiB; there are {MiB(Bytes)} ({Owner})";
        return kvMax >= 1 && isSet ? $"{asked}. Set engine.kvMiB to {kvMax} or less" : $"{asked}. Take a smaller model, or give it more memory";
    }

    /// <summary>Throws <see cref="ModelFileException"/> where a model does not fit what is there now.</summary>
    public static void Check(GgufFile file, ForwardLimits limits, long kvBytes, bool isSet)
    {
        if (Now()?.Fault(MemoryNeed.Of(file, ModelShape.Read(file), limits, kvBytes), isSet) is { } fault)
        {
            throw new ModelFileException(file.Path, null, fault);
        }
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
