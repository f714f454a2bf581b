using System.Globalization;
using Holdfast.Engine.Kernels;
using Holdfast.Engine.Models;

namespace Holdfast.Bench.Engine;

/// <summary>What to measure, from words like <c>threads=1,2</c>. The defaults are those of the peer's program.</summary>
internal sealed record EngineBenchSettings
{
    public const string Usage = "[threads=1,2] [rounds=N] [prompt=512] [new=128] [batches=8,16,32] [batchprompt=128] [batchnew=32] [kernels=Vnni|Wide|Avx2Vnni|Avx2|Scalar] [activations=Eight|Fifteen|Auto] [kv=Half|Eight] [team=adapts|fixed]";

    public required IReadOnlyList<string> Files { get; init; }

    public required IReadOnlyList<int> Threads { get; init; }

    public required IReadOnlyList<int> Batches { get; init; }

    public required int Rounds { get; init; }

    public required int PromptTokens { get; init; }

    public required int NewTokens { get; init; }

    public required int BatchPromptTokens { get; init; }

    public required int BatchNewTokens { get; init; }

    public required ActivationBits Activations { get; init; }

    public required KvType KvType { get; init; }

    public bool AdaptsThreads { get; init; } = true;

    public KernelTier? Kernels { get; init; }

    public bool IsJson { get; init; }

    public static EngineBenchSettings Parse(string[] arguments)
    {
        string Option(string name, string usual) => Array.Find(arguments, a => a.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..] ?? usual;
        int Whole(string name, int usual) => int.Parse(Option(name, $"{usual}"), CultureInfo.InvariantCulture);
        IReadOnlyList<int> Numbers(string name, string usual) => [.. Option(name, usual).Split(',', StringSplitOptions.RemoveEmptyEntries).Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
        return new EngineBenchSettings
        {
            Files = [.. arguments.Where(a => !a.Contains('=', StringComparison.Ordinal) && a != "--json")],
            Threads = Numbers("threads", $"{Environment.ProcessorCount}"),
            Batches = Numbers("batches", "8,16,32"),
            Rounds = Whole("rounds", 3),
            PromptTokens = Whole("prompt", 512),
            NewTokens = Whole("new", 128),
            BatchPromptTokens = Whole("batchprompt", 128),
            BatchNewTokens = Whole("batchnew", 32),
            Activations = Enum.Parse<ActivationBits>(Option("activations", nameof(ActivationBits.Eight))),
            KvType = Enum.Parse<KvType>(Option("kv", nameof(KvType.Half))),
            AdaptsThreads = Option("team", "adapts") != "fixed",
            Kernels = Option("kernels", "") is { Length: > 0 } tier ? Enum.Parse<KernelTier>(tier) : null,
            IsJson = arguments.Contains("--json"),
        };
    }
}
