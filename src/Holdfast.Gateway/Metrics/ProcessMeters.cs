using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Holdfast.Gateway.Metrics;

/// <summary>What every Prometheus client says of its process, under the usual names.</summary>
internal sealed class ProcessMeters : IDisposable
{
    private readonly Meter _meter;
    private readonly double _startedSeconds;

    public ProcessMeters(GatewayMeters scope)
    {
        _meter = new Meter(new MeterOptions(GatewayMeters.MeterPrefix + "Process") { Scope = scope });
        using var self = Process.GetCurrentProcess();
        _startedSeconds = (self.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds;
        _meter.CreateObservableCounter("process_cpu_seconds", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "User and system time.");
        _meter.CreateObservableGauge("process_resident_memory_bytes", () => Environment.WorkingSet, "By", "Resident memory.");
        _meter.CreateObservableGauge("process_start_time_seconds", () => _startedSeconds, "s", "Start, in seconds since 1970.");
        _meter.CreateObservableGauge("process_open_fds", () => Entries("/proc/self/fd", self => self.HandleCount), "{handle}", "Open file descriptors or handles.");
        _meter.CreateObservableGauge("process_threads", () => Entries("/proc/self/task", self => self.Threads.Count), "{thread}", "Threads of the process.");
        _meter.CreateObservableGauge("dotnet_threadpool_threads", () => (long)ThreadPool.ThreadCount, "{thread}", "Threads of the pool.");
        _meter.CreateObservableGauge("dotnet_heap_bytes", () => GC.GetTotalMemory(forceFullCollection: false), "By", "Managed heap in use.");
        _meter.CreateObservableGauge("dotnet_committed_bytes", () => GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes, "By", "Managed heap committed.");
        _meter.CreateObservableCounter("dotnet_allocated_bytes", () => GC.GetTotalAllocatedBytes(precise: false), "By", "Bytes allocated since the start.");
        _meter.CreateObservableCounter("dotnet_collections", Collections, "{collection}", "Garbage collections, by generation.");
    }

    public void Dispose() => _meter.Dispose();

    /// <summary>Where the system has no such folder, what the process says of itself.</summary>
    private static long Entries(string folder, Func<Process, int> otherwise)
    {
        if (Directory.Exists(folder))
        {
            return Directory.EnumerateFileSystemEntries(folder).LongCount();
        }

        using var self = Process.GetCurrentProcess();
        return otherwise(self);
    }

    private static IEnumerable<Measurement<long>> Collections()
    {
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            yield return new Measurement<long>(GC.CollectionCount(generation), new KeyValuePair<string, object?>("generation", generation));
        }
    }
}
