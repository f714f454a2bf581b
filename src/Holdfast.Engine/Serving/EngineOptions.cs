using Holdfast.Engine.Kernels;
using Holdfast.Engine.Models;
using Holdfast.Engine.Scheduling;

namespace Holdfast.Engine.Serving;

/// <summary>The embedded engine: its memory and its bounds.</summary>
public sealed record EngineOptions
{
    /// <summary>The name clients ask for; empty: the file's. Without an <c>@</c>, and not <c>extractive</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>Threads that compute, the owner included; 0: one a processor.</summary>
    public int Threads { get; init; }

    internal int ThreadsUsed => Threads > 0 ? Threads : Environment.ProcessorCount;

    /// <summary>Longest prompt plus answer; 0: what the model was trained for, at most 8192.</summary>
    public int ContextTokens { get; init; }

    public static int ContextTokensDefaultMax => 8192;

    /// <summary>Memory for keys and values, allocated and touched at the start.</summary>
    public int KvMiB { get; init; } = 512;

    /// <summary>How keys and values are kept; part of what fixes the logits' bits. Eight holds nearly twice the tokens of half in the same memory.</summary>
    public KvType KvType { get; init; }

    public SchedulerOptions Scheduler { get; init; } = new();

    /// <summary>Forces one family of kernels; null: a short self-test picks the fastest for each type. All give the same bits.</summary>
    public KernelTier? Kernels { get; init; }

    /// <summary>Precision of the arithmetic; part of what fixes the logits' bits.</summary>
    public ActivationBits Activations { get; init; }

    /// <summary>Choices that one request may ask for.</summary>
    public int ChoicesMax { get; init; } = 16;

    public IReadOnlyList<string> Faults()
    {
        List<string> faults = [.. Scheduler.Faults()];
        Check(faults, "threads", Threads, 0, 1024);
        Check(faults, "contextTokens", ContextTokens, 0, 1 << 20);
        Check(faults, "kvMiB", KvMiB, 1, 1 << 24);
        Check(faults, "choicesMax", ChoicesMax, 1, 1024);
        if (Kernels is { } tier && !PanelKernels.IsAvailable(tier))
        {
            faults.Add($"engine.kernels is {tier}; this machine can run {string.Join(", ", PanelKernels.Available)}");
        }

        return faults;
    }

    private static void Check(List<string> faults, string name, int value, int min, int max)
    {
        if (value < min || value > max)
        {
            faults.Add($"engine.{name} is {value}; it must lie in [{min}, {max}]");
        }
    }
}
