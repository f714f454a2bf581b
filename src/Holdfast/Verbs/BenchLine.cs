namespace Holdfast.Verbs;

/// <summary>What <c>models bench --json</c> prints.</summary>
internal sealed record BenchLine
{
    public required string Model { get; init; }

    public required string Quant { get; init; }

    public required int Threads { get; init; }

    public required double PrefillTokensPerSecond { get; init; }

    public required double DecodeTokensPerSecond { get; init; }

    /// <summary>Tokens per second of that many sequences together.</summary>
    public required IReadOnlyDictionary<string, double> Batch { get; init; }

    public required double BandwidthGBps { get; init; }
}
