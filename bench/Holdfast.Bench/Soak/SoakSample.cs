using System.Globalization;

namespace Holdfast.Bench.Soak;

/// <summary>What the server holds at one moment, as the system and its own metrics tell it.</summary>
internal sealed record SoakSample(double ResidentMiB, int Handles, int Sockets, double InFlight, double HeapMiB, double CommittedMiB, double RecentMiB, double WaitingMiB)
{
    private const double MiB = 1 << 20;

    public static async Task<SoakSample> TakeAsync(HttpClient http, int port, int processId)
    {
        var text = await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"));
        var handles = 0;
        var sockets = 0;
        foreach (var handle in Directory.EnumerateFileSystemEntries($"/proc/{processId}/fd"))
        {
            handles++;
            sockets += new FileInfo(handle).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true ? 1 : 0;
        }

        return new SoakSample(
            Relay.ProcessTree.ResidentMiB(processId),
            handles,
            sockets,
            Value(text, "holdfast_in_flight"),
            Value(text, "dotnet_heap_bytes") / MiB,
            Value(text, "dotnet_committed_bytes") / MiB,
            Value(text, "holdfast_recent_traces_bytes") / MiB,
            Value(text, "holdfast_record_bytes_waiting") / MiB);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"resident {ResidentMiB:F1} MiB (heap {HeapMiB:F1}, committed {CommittedMiB:F1}, recent traces {RecentMiB:F1}, waiting {WaitingMiB:F1}), handles {Handles}, sockets {Sockets}, in flight {InFlight}");

    private static double Value(string text, string name)
    {
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is ' ' or '{')
            {
                return double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
            }
        }

        return double.NaN;
    }
}
