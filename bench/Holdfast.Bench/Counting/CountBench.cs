using System.Diagnostics;
using Holdfast.Bench.Relay;
using Holdfast.Gateway.Counting;

namespace Holdfast.Bench.Counting;

/// <summary>What counting with o200k costs: time and memory of the first count, then microseconds for 1,000 characters.</summary>
internal static class CountBench
{
    private const int Rounds = 5;
    private const int Times = 40_000;

    public static int Run()
    {
        var before = ProcessTree.ResidentMiB(Environment.ProcessId);
        var watch = Stopwatch.StartNew();
        var counter = new O200kCounter();
        counter.Load();
        Console.WriteLine($"vocabulary read in {watch.Elapsed.TotalMilliseconds:0} ms");
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        Console.WriteLine($"resident +{ProcessTree.ResidentMiB(Environment.ProcessId) - before:0.0} MiB");
        var text = string.Concat(Enumerable.Repeat("Why does the pump stop after 20 s at 3.5 bar, and who restarts it? ", 15))[..1000];
        for (var round = 0; round <= Rounds; round++)
        {
            var cpu = ProcessTree.CpuMicroseconds(Environment.ProcessId);
            var tokens = 0;
            for (var i = 0; i < Times; i++)
            {
                tokens = counter.Count("m", text).Tokens;
            }

            // The first round is the compiler's.
            if (round > 0)
            {
                Console.WriteLine($"{(ProcessTree.CpuMicroseconds(Environment.ProcessId) - cpu) / Times:0.0} us of CPU time for 1,000 characters, {tokens} tokens");
            }
        }

        return 0;
    }
}
