using System.Globalization;
using Holdfast.Bench.Engine;

namespace Holdfast.Bench.Peer;

/// <summary>
/// Our engine and llama.cpp in alternation, each time in a fresh process: the peer's speed differs from process to process, so its best
/// over repacked and not repacked weights counts, and all of them are printed.
/// </summary>
internal static class PeerBench
{
    private const int ProcessesUsual = 5;

    public static int Run(string[] arguments)
    {
        var processes = int.Parse(Array.Find(arguments, a => a.StartsWith("processes=", StringComparison.Ordinal))?["processes=".Length..] ?? $"{ProcessesUsual}", CultureInfo.InvariantCulture);
        string[] rest = [.. arguments.Where(a => !a.StartsWith("processes=", StringComparison.Ordinal))];
        var settings = EngineBenchSettings.Parse(rest);
        if (settings.Files.Count == 0)
        {
            Console.Error.WriteLine($"usage: Holdfast.Bench compare FILE.gguf... [processes={ProcessesUsual}] {EngineBenchSettings.Usage}");
            Console.Error.WriteLine("       HOLDFAST_PEER_MODULES and HOLDFAST_LLAMA_CPP as bench/peer/build.sh says");
            return 2;
        }

        string[] options = [.. rest.Where(a => a.Contains('=', StringComparison.Ordinal))];
        using var peer = PeerProgram.Build();
        Console.WriteLine(MachineLine.Now());
        Console.WriteLine($"holdfast with {settings.Activations} activations; {processes} fresh processes of each in turns, the peer's every other one without repacking; tokens/s");
        List<PeerRow> rows = [];
        foreach (var file in settings.Files)
        {
            rows.AddRange(Compare(peer, file, options, processes));
        }

        Console.WriteLine();
        Console.WriteLine("| model | measure | threads | ours, by CPU time | peer, by CPU time | ratio | ours, by the clock | peer, by the clock | ratio | target |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        rows.ForEach(r => Console.WriteLine(r.ToTableLine()));
        Console.WriteLine(MachineLine.Load());
        return rows.All(r => r.Reaches) ? 0 : 1;
    }

    private static List<PeerRow> Compare(PeerProgram peer, string file, string[] options, int processes)
    {
        string[] shared = [.. options.Where(o => !o.StartsWith("kernels=", StringComparison.Ordinal) && !o.StartsWith("activations=", StringComparison.Ordinal))];
        List<EngineRun> ours = [], theirs = [];
        for (var i = 0; i < processes; i++)
        {
            ours.Add(Print(EngineRun.Parse(ChildProgram.Run(Environment.ProcessPath!, ["engine", file, "--json", .. options]))));
            theirs.Add(Print(EngineRun.Parse(ChildProgram.Run(peer.Path, ["bench", file, $"repack={1 - i % 2}", .. shared]))));
        }

        return [.. ours[0].Measures.Where(m => m.Name != "load").Select(m => PeerRow.Of(Path.GetFileName(file), m.Name, m.Threads, ours, theirs))];

        EngineRun Print(EngineRun run)
        {
            Console.WriteLine($"{Path.GetFileName(file)}  {run.Engine}{(run.Repacked ? "" : ", not repacked")}: "
                + string.Join(", ", run.Measures.Select(m => m.Name == "load" ? $"load {m.Wall:f2} s" : $"{m.Name} x{m.Threads} {m.Wall:f1} ({m.Cpu:f1} by CPU)")) + $"; {MachineLine.Load()}");
            return run;
        }
    }
}
