using Holdfast.Engine.Gguf;
using Holdfast.Engine.Kernels;

namespace Holdfast.Tests.Engine.Models;

/// <summary>Small random models in both engines: every tensor type, every architecture, every position of three prompts.</summary>
public sealed class PeerLogitsTests(PeerProgram peer) : IClassFixture<PeerProgram>
{
    private static readonly int[][] Prompts = [.. new[] { 1, 17, 60 }.Select((length, p) => Enumerable.Range(0, length).Select(i => (i * 37 + p * 11) % SyntheticModel.Vocabulary).ToArray())];

    [Theory]
    [InlineData("llama", TensorType.F32, true, false, 64)]
    [InlineData("llama", TensorType.F16, true, false, 64)]
    [InlineData("llama", TensorType.BF16, true, false, 64)]
    [InlineData("llama", TensorType.Q8_0, true, false, 64)]
    [InlineData("llama", TensorType.Q4_0, true, false, 64)]
    [InlineData("llama", TensorType.Q4_1, true, false, 64)]
    [InlineData("llama", TensorType.Q5_0, true, false, 64)]
    [InlineData("llama", TensorType.Q5_1, true, false, 64)]
    [InlineData("llama", TensorType.IQ4_NL, true, false, 64)]
    [InlineData("llama", TensorType.Q4_K, true, false, 64)]
    [InlineData("llama", TensorType.Q5_K, true, false, 64)]
    [InlineData("llama", TensorType.Q6_K, true, false, 64)]
    [InlineData("llama", TensorType.Q8_0, false, true, 64)]
    [InlineData("llama", TensorType.Q8_0, true, true, 128)]
    [InlineData("llama", TensorType.Q4_0, false, false, 32)]
    [InlineData("qwen2", TensorType.Q8_0, false, false, 64)]
    [InlineData("qwen2", TensorType.Q5_0, true, false, 64)]
    [InlineData("qwen3", TensorType.Q8_0, false, false, 128)]
    [InlineData("qwen3", TensorType.Q6_K, true, false, 128)]
    public void Logits_are_those_of_the_peer(string architecture, TensorType type, bool hasOwnHead, bool hasRopeFactors, int headSize)
    {
        using var file = new TempFile(SyntheticModel.Make(architecture, type, hasOwnHead, hasRopeFactors, seed: 3, headSize));
        var theirs = peer.Logits(file.Path, Prompts, SyntheticModel.Vocabulary);
        using var rig = new ModelRig(file.Path, threads: 1, PanelKernels.Available[^1]);
        using var gguf = GgufFile.Open(file.Path);
        List<double> between = [], own = [], peers = [];
        for (var p = 0; p < Prompts.Length; p++)
        {
            var exact = new ReferenceForward(gguf).Run(Prompts[p]);
            foreach (var (position, logits) in rig.Logits(Prompts[p], Enumerable.Range(0, Prompts[p].Length).ToHashSet(), chunk: 64))
            {
                between.Add(Cosine(logits, theirs[p][position]));
                own.Add(Cosine(logits, Array.ConvertAll(exact[position], v => (float)v)));
                peers.Add(Cosine(theirs[p][position], Array.ConvertAll(exact[position], v => (float)v)));
            }
        }

        TestContext.Current.SendDiagnosticMessage($"{architecture} {type}: cosine between {between.Average():f6} (least {between.Min():f6}); to the exact pass ours {own.Average():f6} ({own.Min():f6}), the peer's {peers.Average():f6} ({peers.Min():f6})");
        Assert.True(between.Average() >= .999, $"mean cosine {between.Average()}");
        Assert.True(own.Min() >= .999, $"least cosine to the exact pass {own.Min()}");
        Assert.True(IsCoarseThere(type) || between.Min() >= .999, $"least cosine {between.Min()}");
    }

    /// <summary>The peer rounds the inputs of K types with one scale for 256 values (Q8_K), ours with one for 32: a single position may differ by more.</summary>
    private static bool IsCoarseThere(TensorType type) => type is TensorType.Q4_K or TensorType.Q5_K or TensorType.Q6_K;

    private static double Cosine(float[] a, float[] b) =>
        a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(x => (double)x * x));
}
