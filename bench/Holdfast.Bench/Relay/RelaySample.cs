namespace Holdfast.Bench.Relay;

/// <summary>One measurement of one target in one round.</summary>
/// <param name="Count">Requests or chunks.</param>
/// <param name="CpuMicroseconds">User and system time of the target's process tree, for one of them.</param>
/// <param name="Faults">Answers that were no 200, and streams that were not whole.</param>
/// <param name="DelaysMilliseconds">For each chunk: from the upstream's sending to our reading.</param>
internal sealed record RelaySample(int Count, double CpuMicroseconds, int Faults, double[] DelaysMilliseconds)
{
    public double Delay(double quantile) => DelaysMilliseconds.Length == 0 ? 0 : DelaysMilliseconds[(int)((DelaysMilliseconds.Length - 1) * quantile)];
}
