using System.Globalization;
using Holdfast.Engine.Measuring;
using Holdfast.Engine.Scheduling;
using Holdfast.Engine.Serving;

namespace Holdfast.Bench.Rows;

/// <summary>Anonymous memory that a loaded engine adds after it has answered, and managed bytes that a generated token costs.</summary>
internal static class MemoryRow
{
    private const double PlainShare = 1.02;
    private const double KShare = 1.05;
    private const double OtherMiB = 40;
    private const int Tokens = 400;
    private const int ManagedBytesMax = 200;
    private const double MiB = 1 << 20;

    public static async Task<IReadOnlyList<FigureRow>> MeasureAsync(string file, ModelInspection inspection)
    {
        GC.Collect();
        var before = AnonymousBytes();
        using var backend = EngineBackend.Load(file, new EngineOptions { KvMiB = 256 }, gate: null, TimeProvider.System);
        await EngineCalls.CompleteAsync(backend, "The engine waits", Tokens);
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        await EngineCalls.CompleteAsync(backend, "The engine waits again", Tokens);
        var perToken = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)Tokens;
        var taken = AnonymousBytes() - before;

        var memory = backend.Memory;
        var weights = inspection.BytesByType.Sum(t => t.Value * (IsKType(t.Key) ? KShare : PlainShare));
        var logits = 4.0 * inspection.Vocabulary!.Value * new SchedulerOptions().RunningMax;
        var bound = weights + memory.KvBytes + memory.TokenizerBytes + OtherMiB * MiB + logits;
        var name = Path.GetFileName(file);
        return
        [
            new FigureRow(
                name, "anonymous memory of the engine",
                $"{taken / MiB:f0} MiB (weights {memory.WeightBytes / MiB:f0}, KV {memory.KvBytes / MiB:f0}, scratch and logits {memory.ScratchBytes / MiB:f0}, tokenizer {memory.TokenizerBytes / MiB:f0})",
                $"{bound / MiB:f0} MiB", taken <= bound),
            new FigureRow(name, "managed bytes per token, the client's side included", $"{perToken:f0} B", $"{ManagedBytesMax} B", perToken <= ManagedBytesMax),
        ];
    }

    private static bool IsKType(string type) => type.EndsWith("_K", StringComparison.Ordinal);

    private static long AnonymousBytes()
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("RssAnon:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
