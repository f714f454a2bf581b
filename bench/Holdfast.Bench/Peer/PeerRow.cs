using Holdfast.Bench.Engine;

namespace Holdfast.Bench.Peer;

/// <summary>One measure of one file: the best of our processes and the best of the peer's.</summary>
internal sealed record PeerRow(string File, string Measure, int Threads, double OursCpu, double PeerCpu, double OursWall, double PeerWall)
{
    /// <summary>One thread is judged by processor time, which the neighbours disturb least; several by the clock, because spinning costs processor time too.</summary>
    public double Ratio => Threads == 1 ? OursCpu / PeerCpu : OursWall / PeerWall;

    public double? Target => Targets.Of(Measure, File);

    public bool Reaches => Target is not { } target || Ratio >= target;

    public static PeerRow Of(string file, string measure, int threads, IReadOnlyList<EngineRun> ours, IReadOnlyList<EngineRun> theirs)
    {
        double Best(IReadOnlyList<EngineRun> runs, Func<EngineMeasure, double> of) =>
            runs.Max(r => of(r.Measures.First(m => m.Name == measure && m.Threads == threads)));
        return new PeerRow(file, measure, threads, Best(ours, m => m.Cpu), Best(theirs, m => m.Cpu), Best(ours, m => m.Wall), Best(theirs, m => m.Wall));
    }

    public string ToTableLine()
    {
        var verdict = Target is not { } target ? "" : Reaches ? $"{target:f1}" : $"{target:f1}: **missed**";
        return $"| {File} | {Measure} | {Threads} | {OursCpu:f1} | {PeerCpu:f1} | {OursCpu / PeerCpu:f2} | {OursWall:f1} | {PeerWall:f1} | {OursWall / PeerWall:f2} | {verdict} |";
    }
}
