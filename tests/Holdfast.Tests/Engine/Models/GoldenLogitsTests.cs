using System.Runtime.InteropServices;
using System.Text.Json;
using Holdfast.Engine.Kernels;

namespace Holdfast.Tests.Engine.Models;

/// <summary>The real SmolLM2 against rows of a float64 forward pass and of llama.cpp.</summary>
public sealed class GoldenLogitsTests
{
    private const string ModelPath = "models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf";

    [Theory]
    [InlineData(false, KvType.Half, .01)]
    [InlineData(true, KvType.Half, .0001)]
    [InlineData(false, KvType.Eight, .01)]
    [InlineData(true, KvType.Eight, .001)]
    public void Top_tokens_and_divergence_stay_within_the_tolerances(bool isFine, KvType kvType, double tolerance)
    {
        using var rig = new ModelRig(SharedFolder.Need(ModelPath), threads: 2, PanelKernels.Available[^1], isFine: isFine, kvType: kvType);
        var (rows, divergence, agreed) = (0, 0.0, 0);
        foreach (var line in File.ReadLines(SharedFolder.Need("models/golden/smollm2/logits.jsonl")))
        {
            var golden = JsonDocument.Parse(line).RootElement;
            var exact = golden.GetProperty("positions").EnumerateArray().Where(p => p.TryGetProperty("float64", out _)).ToList();
            if (exact.Count == 0)
            {
                continue;
            }

            var ids = golden.GetProperty("ids").EnumerateArray().Select(i => i.GetInt32()).ToArray();
            var logits = rig.Logits(ids, exact.Select(p => p.GetProperty("pos").GetInt32()).ToHashSet(), chunk: 512);
            foreach (var position in exact)
            {
                var own = logits[position.GetProperty("pos").GetInt32()];
                var float64 = position.GetProperty("float64");
                var top = float64.GetProperty("top").EnumerateArray().Select(t => (Id: t[0].GetInt32(), Logit: t[1].GetDouble())).ToArray();
                var isSame = own.AsSpan().IndexOf(own.Max()) == top[0].Id;
                Assert.True(isSame || float64.GetProperty("margin").GetDouble() < (isFine && kvType == KvType.Half ? .02 : .6), $"{golden.GetProperty("id")} at {position.GetProperty("pos")}");
                divergence += Divergence([.. top.Select(t => t.Logit)], [.. top.Select(t => (double)own[t.Id])]);
                agreed += isSame ? 1 : 0;
                rows++;
            }
        }

        TestContext.Current.SendDiagnosticMessage($"{rows} rows, mean divergence {divergence / rows:f5}, same top {agreed}");
        Assert.True(rows >= 29, $"{rows} rows");
        Assert.True(divergence / rows <= tolerance, $"mean divergence {divergence / rows}");
    }

    [Theory]
    [InlineData("p05", .0030)]
    [InlineData("p11", .0143)]
    public void The_whole_last_row_is_as_near_as_the_reference(string id, double reference)
    {
        using var rig = new ModelRig(SharedFolder.Need(ModelPath), threads: 2, PanelKernels.Available[^1]);
        var golden = File.ReadLines(SharedFolder.Need("models/golden/smollm2/logits.jsonl"))
            .Select(l => JsonDocument.Parse(l).RootElement).First(g => g.GetProperty("id").GetString() == id);
        var ids = golden.GetProperty("ids").EnumerateArray().Select(i => i.GetInt32()).ToArray();
        var own = rig.Logits(ids, new HashSet<int> { ids.Length - 1 }, chunk: 512)[ids.Length - 1];
        var exact = MemoryMarshal.Cast<byte, float>(golden.GetProperty("final_logits_float64_as_f32_base64").GetBytesFromBase64()).ToArray();
        var divergence = Divergence(Array.ConvertAll(exact, v => (double)v), Array.ConvertAll(own, v => (double)v));
        TestContext.Current.SendDiagnosticMessage($"{id}: divergence from float64 {divergence:f5}; llama.cpp's {reference}");
        Assert.True(divergence <= 1.5 * reference, $"{divergence}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Keys_and_values_in_bytes_keep_the_distributions_of_halves(int window)
    {
        var text = JsonDocument.Parse(File.ReadLines(SharedFolder.Need("models/golden/smollm2/perplexity.jsonl")).First()).RootElement;
        var ids = text.GetProperty("ids").EnumerateArray().Select(i => i.GetInt32()).Skip(window * 512).Take(512).ToArray();
        var scored = Enumerable.Range(256, 255).ToHashSet();
        using var halves = new ModelRig(SharedFolder.Need(ModelPath), threads: 2, PanelKernels.Available[^1], isFine: true);
        using var bytes = new ModelRig(SharedFolder.Need(ModelPath), threads: 2, PanelKernels.Available[^1], isFine: true, kvType: KvType.Eight);
        var (expected, own) = (halves.Logits(ids, scored, chunk: 64), bytes.Logits(ids, scored, chunk: 64));
        var (divergence, halfLoss, byteLoss, agreed) = (0.0, 0.0, 0.0, 0);
        foreach (var position in scored)
        {
            var (p, q) = (Normalised(Array.ConvertAll(expected[position], v => (double)v)), Normalised(Array.ConvertAll(own[position], v => (double)v)));
            divergence += p.Zip(q, (a, b) => Math.Exp(a) * (a - b)).Sum() / scored.Count;
            (halfLoss, byteLoss) = (halfLoss - p[ids[position + 1]] / scored.Count, byteLoss - q[ids[position + 1]] / scored.Count);
            agreed += Array.IndexOf(p, p.Max()) == Array.IndexOf(q, q.Max()) ? 1 : 0;
        }

        TestContext.Current.SendDiagnosticMessage(
            $"window {window}: mean divergence {divergence:f5}, same top {agreed} of {scored.Count}, perplexity {Math.Exp(halfLoss):f3} -> {Math.Exp(byteLoss):f3}");
        Assert.True(divergence <= .0005, $"mean divergence {divergence}");
        Assert.InRange(agreed, .985 * scored.Count, scored.Count);
        Assert.InRange(Math.Exp(byteLoss - halfLoss), .995, 1.005);
    }

    [Fact]
    public void Chunks_and_neighbours_change_no_bit_of_the_real_model()
    {
        using var rig = new ModelRig(SharedFolder.Need(ModelPath), threads: 2, PanelKernels.Available[^1]);
        var ids = Enumerable.Range(0, 60).Select(i => 100 + i * 631 % 40000).ToArray();
        var last = new HashSet<int> { 59 };
        var expected = rig.Logits(ids, last, chunk: 60)[59];
        Assert.Equal(expected, rig.Logits(ids, last, chunk: 1)[59]);
        Assert.Equal(expected, rig.Logits(ids, last, chunk: 23)[59]);
    }

    /// <summary>Of the second distribution from the first, both softmaxed.</summary>
    private static double Divergence(double[] exact, double[] own)
    {
        var (p, q) = (Normalised(exact), Normalised(own));
        return p.Zip(q, (a, b) => Math.Exp(a) * (a - b)).Sum();
    }

    private static double[] Normalised(double[] logits)
    {
        var top = logits.Max();
        var sum = top + Math.Log(logits.Sum(l => Math.Exp(l - top)));
        return [.. logits.Select(l => l - sum)];
    }
}
