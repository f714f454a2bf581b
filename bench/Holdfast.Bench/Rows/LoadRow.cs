using Holdfast.Engine.Measuring;

namespace Holdfast.Bench.Rows;

/// <summary>Reading and packing the weights of a file that the system has in its cache.</summary>
internal static class LoadRow
{
    private const int Rounds = 3;

    public static FigureRow Measure(string file)
    {
        ReadThrough(file);
        var seconds = double.MaxValue;
        for (var i = 0; i < Rounds; i++)
        {
            using var bench = ModelBench.Load(file, new BenchSettings { PromptTokens = 16, NewTokens = 16, Batches = [] }, TimeProvider.System);
            seconds = Math.Min(seconds, bench.LoadTime.TotalSeconds);
        }

        var gigabytes = new FileInfo(file).Length / 1e9;
        return new FigureRow(Path.GetFileName(file), "load", $"{seconds:f2} s for {gigabytes:f2} GB, best of {Rounds}", $"{.5 + gigabytes:f2} s", seconds <= .5 + gigabytes);
    }

    private static void ReadThrough(string file)
    {
        var piece = new byte[1 << 20];
        using var stream = File.OpenRead(file);
        while (stream.Read(piece) > 0)
        {
        }
    }
}
