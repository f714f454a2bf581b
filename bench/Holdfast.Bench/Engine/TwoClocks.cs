namespace Holdfast.Bench.Engine;

/// <summary>
/// Tells the time and notes the processor's time of this process beside it. On a shared machine the second says what work costs;
/// the first says what the neighbours left of the machine.
/// </summary>
internal sealed class TwoClocks : TimeProvider
{
    private TimeSpan _before;
    private TimeSpan _last;

    /// <summary>Processor time, all threads together, between the last two looks at the clock.</summary>
    public TimeSpan CpuLately => _last - _before;

    public override long GetTimestamp()
    {
        var wall = base.GetTimestamp();
        (_before, _last) = (_last, Environment.CpuUsage.TotalTime);
        return wall;
    }
}
