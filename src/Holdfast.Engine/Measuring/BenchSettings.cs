using Holdfast.Engine.Kernels;
using Holdfast.Engine.Models;

namespace Holdfast.Engine.Measuring;

/// <summary>What is measured.</summary>
public sealed record BenchSettings
{
    /// <summary>Prompt of each sequence when batches are measured.</summary>
    public const int BatchedPromptTokens = 32;

    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Works alone while others want the cores, as serving does.</summary>
    public bool AdaptsThreads { get; init; } = true;

    public int PromptTokens { get; init; } = 512;

    public int NewTokens { get; init; } = 64;

    public IReadOnlyList<int> Batches { get; init; } = [8, 16, 32];

    public ActivationBits Activations { get; init; } = ActivationBits.Eight;

    public KvType KvType { get; init; }

    /// <summary>Forces one family of kernels; null: as the self-test picks.</summary>
    public KernelTier? Kernels { get; init; }
}
