namespace Holdfast.Engine.Scheduling;

/// <summary>Bounds of the scheduler.</summary>
public sealed record SchedulerOptions
{
    /// <summary>Tokens of one step, prompts and generations together: more is faster for prompts, less keeps streams smooth.</summary>
    public int StepTokens { get; init; } = 256;

    /// <summary>Sequences that run at the same time.</summary>
    public int RunningMax { get; init; } = 64;

    /// <summary>Sequences that may wait beside the running ones; more than both together are refused.</summary>
    public int WaitingMax { get; init; } = 512;

    internal int SequencesMax => RunningMax + WaitingMax;

    /// <summary>New tokens that admission reckons with, at most, for a sequence; what goes beyond is covered by preemption.</summary>
    public int ProjectedTokensMax { get; init; } = 1024;

    /// <summary>Rows of logits of one step: one for each running sequence. Fixes scratch memory.</summary>
    internal int LogitRowsMax => RunningMax;

    public IReadOnlyList<string> Faults()
    {
        List<string> faults = [];
        Check(faults, "stepTokens", StepTokens, 16, 1 << 16);
        Check(faults, "runningMax", RunningMax, 1, 4096);
        Check(faults, "waitingMax", WaitingMax, 1, 1 << 20);
        Check(faults, "projectedTokensMax", ProjectedTokensMax, 1, 1 << 20);
        if (RunningMax > StepTokens)
        {
            faults.Add($"engine.scheduler.runningMax is {RunningMax}; it must not exceed engine.scheduler.stepTokens, {StepTokens}: each running sequence needs a token a step");
        }

        return faults;
    }

    private static void Check(List<string> faults, string name, int value, int min, int max)
    {
        if (value < min || value > max)
        {
            faults.Add($"engine.scheduler.{name} is {value}; it must lie in [{min}, {max}]");
        }
    }
}
