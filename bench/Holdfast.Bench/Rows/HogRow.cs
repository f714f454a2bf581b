using System.Diagnostics;
using Holdfast.Engine.Measuring;

namespace Holdfast.Bench.Rows;

/// <summary>Generating with two threads while another process burns a processor, beside one thread in the same company, in turns.</summary>
internal static class HogRow
{
    private const int Rounds = 9;
    private const int NewTokens = 64;
    private const double Share = .9;

    /// <summary>The neighbour: computes until it is killed.</summary>
    public static int Burn()
    {
        for (var x = 1u; x != 0;)
        {
            x = x * 1664525 + 1013904223 | 1;
        }

        return 0;
    }

    public static FigureRow Measure(string file)
    {
        using var one = Load(file, 1);
        using var two = Load(file, 2);
        using var hog = Process.Start(Environment.ProcessPath!, ["hog"]);
        List<double> single = [], both = [];
        try
        {
            for (var i = 0; i < Rounds; i++)
            {
                single.Add(one.Generate(1, 8, NewTokens));
                both.Add(two.Generate(1, 8, NewTokens));
            }
        }
        finally
        {
            hog.Kill();
            hog.WaitForExit();
        }

        // Medians: the best of a contended run is a round without contention.
        var (alone, pair) = (Median(single), Median(both));
        return new FigureRow(
            Path.GetFileName(file), "one CPU hog beside two threads", $"{pair:f1} tokens/s, one thread {alone:f1} = {pair / alone:f2} x, medians of {Rounds} in turns", $"{Share} x", pair >= Share * alone);
    }

    private static ModelBench Load(string file, int threads)
    {
        var bench = ModelBench.Load(file, new BenchSettings { Threads = threads, PromptTokens = 16, NewTokens = NewTokens, Batches = [] }, TimeProvider.System);
        bench.Generate(1, 8, NewTokens);
        return bench;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
