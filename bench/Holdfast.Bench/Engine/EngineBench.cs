using System.Globalization;
using Holdfast.Engine.Kernels;
using Holdfast.Engine.Measuring;
using Holdfast.Engine.Models;

namespace Holdfast.Bench.Engine;

/// <summary>Prompt, generation and batched generation of model files, best of some rounds.</summary>
internal static class EngineBench
{
    public static int Run(string[] arguments)
    {
        if (arguments.Length == 0)
        {
            Console.Error.WriteLine("usage: Holdfast.Bench engine FILE.gguf... [threads=N] [rounds=N] [kernels=Vnni|Wide|Avx2Vnni|Avx2|Scalar] [activations=Eight|Fifteen]");
            return 2;
        }

        string? Option(string name) => Array.Find(arguments, a => a.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];
        var rounds = int.Parse(Option("rounds") ?? "3", CultureInfo.InvariantCulture);
        var settings = new BenchSettings
        {
            Threads = int.Parse(Option("threads") ?? $"{Environment.ProcessorCount}", CultureInfo.InvariantCulture),
            Activations = Option("activations") is { } bits ? Enum.Parse<ActivationBits>(bits) : ActivationBits.Eight,
            Kernels = Option("kernels") is { } tier ? Enum.Parse<KernelTier>(tier) : null,
        };
        foreach (var path in arguments.Where(a => !a.Contains('=')))
        {
            using var bench = ModelBench.Load(path, settings, TimeProvider.System);
            var generated = Best(rounds, () => bench.Generate(1, 8, settings.NewTokens));
            Console.WriteLine(
                $"{Path.GetFileName(path)}: {settings.Threads} threads, load {bench.LoadTime.TotalSeconds:f2} s, prompt {settings.PromptTokens}: {Best(rounds, () => bench.Prompt(settings.PromptTokens)):f0} tokens/s, "
                + $"generate: {generated:f1} tokens/s ({generated * bench.BytesPerToken / 1e9:f1} GB/s), "
                + string.Join(", ", settings.Batches.Select(b => $"batch {b}: {Best(rounds, () => bench.Generate(b, BenchSettings.BatchedPromptTokens, 16)):f0}")));
        }

        return 0;
    }

    private static double Best(int rounds, Func<double> measure)
    {
        var best = 0.0;
        for (var i = 0; i < rounds; i++)
        {
            best = Math.Max(best, measure());
        }

        return best;
    }
}
