using System.Text.Json;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Kernels;
using Holdfast.Engine.Models;

namespace Holdfast.Tests.Engine.Models;

/// <summary>The real SmolLM2 over the golden text; <c>Holdfast.Bench perplexity</c> does the same for other types and finer activations.</summary>
public sealed class GoldenPerplexityTests
{
    [Fact]
    public void Eight_bit_activations_cost_no_more_perplexity_than_the_reference_pays()
    {
        using var file = GgufFile.Open(SharedFolder.Need("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf"));
        var line = File.ReadLines(SharedFolder.Need("models/golden/smollm2/perplexity.jsonl")).First();
        var ids = JsonSerializer.Deserialize<JsonElement>(line).GetProperty("ids").EnumerateArray().Select(i => i.GetInt32()).ToArray();
        using var scorer = new WindowScorer(new ModelWeights(file), KernelSet.Of(PanelKernels.Available[^1]), threads: 2, isFine: false);
        var perplexity = scorer.Perplexity(ids);
        TestContext.Current.SendDiagnosticMessage($"perplexity {perplexity:f4}; the exact pass has 12.3178, the reference 12.3425");
        Assert.InRange(perplexity, 12.2, 12.40);
    }
}
