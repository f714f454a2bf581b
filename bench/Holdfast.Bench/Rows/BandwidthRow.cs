using Holdfast.Engine.Measuring;

namespace Holdfast.Bench.Rows;

/// <summary>Bytes of weights that generating with two threads reads a second, beside what two threads can read at all, in turns.</summary>
internal static class BandwidthRow
{
    private const int Threads = 2;
    private const int Rounds = 5;
    private const double Share = .85;

    public static FigureRow Measure(string file)
    {
        using var bench = ModelBench.Load(file, new BenchSettings { Threads = Threads, PromptTokens = 16, NewTokens = 32, Batches = [] }, TimeProvider.System);
        var (reader, decoder) = (0.0, 0.0);
        for (var i = 0; i < Rounds; i++)
        {
            reader = Math.Max(reader, ReaderRate.Measure(Threads));
            decoder = Math.Max(decoder, bench.Generate(1, 8, 32) * bench.BytesPerToken);
        }

        return new FigureRow(
            Path.GetFileName(file), "decode bandwidth, 2 threads", $"{decoder / 1e9:f1} of {reader / 1e9:f1} GB/s = {decoder / reader:p0}, best of {Rounds} in turns", $"{Share:p0}", decoder >= Share * reader);
    }
}
