using System.Diagnostics;
using System.Text.Json;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Kernels;
using Holdfast.Engine.Models;
using Holdfast.Tests.Engine.Models;

namespace Holdfast.Bench.Engine;

/// <summary>Perplexity of model files over the token ids of a golden file, with 8-bit and 15-bit activations.</summary>
internal static class PerplexityBench
{
    public static int Run(string text, string[] models)
    {
        var ids = JsonSerializer.Deserialize<JsonElement>(File.ReadLines(text).First()).GetProperty("ids").EnumerateArray().Select(i => i.GetInt32()).ToArray();
        foreach (var model in models)
        {
            foreach (var isFine in new[] { false, true })
            {
                using var file = GgufFile.Open(model);
                var watch = Stopwatch.StartNew();
                var weights = new ModelWeights(file);
                using var scorer = new WindowScorer(weights, KernelSelfTest.Pick(weights.Types, TimeProvider.System), Environment.ProcessorCount, isFine);
                Console.WriteLine($"{Path.GetFileName(model)}, {(isFine ? 15 : 8)}-bit activations: perplexity {scorer.Perplexity(ids):f4} over {ids.Length / WindowScorer.WindowTokens} windows, {watch.Elapsed.TotalSeconds:f1} s");
            }
        }

        return 0;
    }
}
