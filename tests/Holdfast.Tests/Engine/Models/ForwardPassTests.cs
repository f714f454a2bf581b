using Holdfast.Engine.Gguf;
using Holdfast.Engine.Kernels;
using Holdfast.Engine.Models;

namespace Holdfast.Tests.Engine.Models;

public sealed class ForwardPassTests
{
    private static readonly int[] Text = [.. Enumerable.Range(0, 45).Select(i => i * 37 % SyntheticModel.Vocabulary)];
    private static readonly HashSet<int> All = [.. Enumerable.Range(0, Text.Length)];

    [Theory]
    [InlineData("llama", TensorType.F32, true, false)]
    [InlineData("llama", TensorType.F16, false, true)]
    [InlineData("qwen2", TensorType.F32, false, false)]
    [InlineData("qwen3", TensorType.BF16, true, false)]
    public void Logits_with_float_weights_equal_the_plain_forward_pass(string architecture, TensorType type, bool hasOwnHead, bool hasRopeFactors)
    {
        using var file = new TempFile(SyntheticModel.Make(architecture, type, hasOwnHead, hasRopeFactors));
        using var rig = new ModelRig(file.Path, threads: 2, PanelKernels.Available[^1]);
        using var gguf = GgufFile.Open(file.Path);
        var expected = new ReferenceForward(gguf).Run(Text);
        foreach (var (position, logits) in rig.Logits(Text, All, chunk: 64))
        {
            // Keys and values are halves: 11 bits.
            Assert.All(expected[position].Zip(logits), pair => Assert.Equal(pair.First, pair.Second, 4e-3));
        }
    }

    [Theory]
    [InlineData("llama", TensorType.Q8_0)]
    [InlineData("llama", TensorType.Q4_0)]
    [InlineData("qwen2", TensorType.Q4_1)]
    [InlineData("qwen3", TensorType.Q5_0)]
    [InlineData("llama", TensorType.Q5_1)]
    [InlineData("llama", TensorType.IQ4_NL)]
    [InlineData("llama", TensorType.Q4_K)]
    [InlineData("qwen2", TensorType.Q5_K)]
    [InlineData("qwen3", TensorType.Q6_K)]
    public void Logits_with_quantised_weights_are_near_the_plain_forward_pass(string architecture, TensorType type)
    {
        using var file = new TempFile(SyntheticModel.Make(architecture, type));
        using var rig = new ModelRig(file.Path, threads: 2, PanelKernels.Available[^1]);
        using var gguf = GgufFile.Open(file.Path);
        var expected = new ReferenceForward(gguf).Run(Text);
        foreach (var (position, logits) in rig.Logits(Text, All, chunk: 64))
        {
            Assert.True(Cosine(expected[position], logits) >= .999, $"position {position}: {Cosine(expected[position], logits)}");
        }
    }

    [Theory]
    [InlineData(TensorType.Q8_0, KvType.Half)]
    [InlineData(TensorType.Q4_1, KvType.Half)]
    [InlineData(TensorType.Q6_K, KvType.Eight)]
    [InlineData(TensorType.F16, KvType.Half)]
    [InlineData(TensorType.F16, KvType.Eight)]
    public void Chunks_threads_and_kernels_change_no_bit(TensorType type, KvType kvType)
    {
        using var file = new TempFile(SyntheticModel.Make("llama", type));
        using var plain = new ModelRig(file.Path, threads: 1, KernelTier.Scalar, kvType: kvType);
        var expected = plain.Logits(Text, All, chunk: 1);
        foreach (var tier in PanelKernels.Available)
        {
            using var rig = new ModelRig(file.Path, threads: 3, tier, kvType: kvType);
            foreach (var chunk in new[] { 1, 3, 16, 45 })
            {
                Assert.All(rig.Logits(Text, All, chunk), pair => Assert.Equal(expected[pair.Key], pair.Value));
            }
        }
    }

    [Theory]
    [InlineData(TensorType.Q4_1)]
    [InlineData(TensorType.Q8_0)]
    public void Fine_activations_are_near_float_precision_and_as_repeatable(TensorType type)
    {
        using var file = new TempFile(SyntheticModel.Make("llama", type));
        using var gguf = GgufFile.Open(file.Path);
        var exact = new ReferenceForward(gguf).Run(Text);
        using var plain = new ModelRig(file.Path, threads: 1, KernelTier.Scalar, isFine: true);
        var expected = plain.Logits(Text, All, chunk: 1);
        Assert.All(expected, pair => Assert.True(Cosine(exact[pair.Key], pair.Value) >= .999999));
        using var rig = new ModelRig(file.Path, threads: 3, PanelKernels.Available[^1], isFine: true);
        Assert.All(rig.Logits(Text, All, chunk: 45), pair => Assert.Equal(expected[pair.Key], pair.Value));
    }

    [Theory]
    [InlineData(KvType.Half)]
    [InlineData(KvType.Eight)]
    public void What_else_is_in_the_batch_and_which_blocks_are_used_change_no_bit(KvType kvType)
    {
        using var file = new TempFile(SyntheticModel.Make("llama", TensorType.Q4_0));
        using var rig = new ModelRig(file.Path, threads: 2, PanelKernels.Available[^1], kvType: kvType);
        var expected = rig.Logits(Text, All, chunk: 45)[44];
        int[] first = [9, 2, 5], second = [30, 31, 7], third = [14, 1, 22];
        rig.Together([(Text[..20], 0, first), (Text[5..25], 0, second), (Text[..44], 0, third)]);
        rig.Together([(Text[20..44], 20, first), (Text[25..40], 20, second)]);
        var last = rig.Together([(Text[40..41], 35, second), (Text[44..], 44, first), (Text[44..], 44, third)]);
        Assert.Equal(expected, last[1]);
        Assert.Equal(expected, last[2]);
    }

    [Theory]
    [InlineData("gemma3", "general.architecture is gemma3")]
    [InlineData("llama", "attn_norm")]
    public void What_cannot_be_computed_is_refused_by_name(string architecture, string expected)
    {
        var writer = new GgufWriter().Add("general.architecture", architecture).AddTensor("token_embd.weight", TensorType.F32, [256, 96], new byte[256 * 96 * 4]);
        foreach (var (key, value) in new[] { ("block_count", 1u), ("embedding_length", 256u), ("attention.head_count", 4u), ("feed_forward_length", 512u), ("context_length", 64u) })
        {
            writer.Add($"llama.{key}", value);
        }

        writer.Add("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        using var file = new TempFile(writer.ToBytes());
        using var gguf = GgufFile.Open(file.Path);
        Assert.Contains(expected, Assert.Throws<ModelFileException>(() => new ModelWeights(gguf)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llama.expert_count", 8u, "experts")]
    [InlineData("llama.attention.sliding_window", 128u, "sliding")]
    [InlineData("llama.rope.scaling.type", "yarn", "yarn")]
    [InlineData("llama.final_logit_softcapping", 30f, "soft caps")]
    [InlineData("llama.rope.scaling.factor", 4f, "llama.rope.scaling.factor is 4: linear scaling")]
    [InlineData("llama.rope.scaling.factor", float.NaN, "llama.rope.scaling.factor is NaN: linear scaling")]
    [InlineData("llama.rope.scale_linear", 2f, "llama.rope.scale_linear is 2: linear scaling")]
    [InlineData("llama.rope.scaling.type", "llama3", "rope_freqs.weight with its factors is missing")]
    [InlineData("llama.rope.scaling.attn_factor", .5f, "llama.rope.scaling.attn_factor is 0.5")]
    [InlineData("llama.attention.causal", false, "llama.attention.causal is false")]
    [InlineData("llama.pooling_type", 3u, "llama.pooling_type is 3: the model embeds")]
    [InlineData("split.count", (ushort)3, "one part of a model in 3 files; merge them")]
    [InlineData("general.type", "adapter", "general.type is adapter")]
    [InlineData("general.type", "imatrix", "general.type is imatrix")]
    public void A_setting_that_would_change_the_result_is_refused(string key, object value, string expected)
    {
        using var file = new TempFile(WithKey(SyntheticModel.Make("llama", TensorType.F32), key, value));
        using var gguf = GgufFile.Open(file.Path);
        Assert.Contains(expected, Assert.Throws<ModelFileException>(() => new ModelWeights(gguf)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llama.rope.scaling.factor", 0f)]
    [InlineData("llama.rope.scaling.factor", 1f)]
    [InlineData("llama.rope.scale_linear", 1f)]
    [InlineData("llama.rope.scaling.type", "none")]
    [InlineData("llama.rope.scaling.type", "linear")]
    [InlineData("llama.rope.scaling.attn_factor", 1f)]
    [InlineData("llama.attention.causal", true)]
    [InlineData("llama.pooling_type", 0u)]
    [InlineData("split.count", (ushort)1)]
    [InlineData("split.count", (ushort)0)]
    [InlineData("general.type", "model")]
    public void A_setting_that_changes_nothing_is_read(string key, object value)
    {
        using var file = new TempFile(WithKey(SyntheticModel.Make("llama", TensorType.F32), key, value));
        using var gguf = GgufFile.Open(file.Path);
        Assert.Equal(SyntheticModel.Width, ModelShape.Read(gguf).Width);
    }

    [Theory]
    [InlineData("none", false, null)]
    [InlineData("llama3", true, null)]
    [InlineData("linear", false, "llama.rope.scaling.factor is 8: linear scaling")]
    public void A_factor_counts_only_for_the_linear_type(string type, bool hasRopeFactors, string? expected)
    {
        using var file = new TempFile(WithKey(WithKey(SyntheticModel.Make("llama", TensorType.F32, hasRopeFactors: hasRopeFactors), "llama.rope.scaling.type", type), "llama.rope.scaling.factor", 8f));
        using var gguf = GgufFile.Open(file.Path);
        var fault = Record.Exception(() => ModelShape.Read(gguf));
        Assert.Equal(expected is null, fault is null);
        Assert.Contains(expected ?? "", fault?.Message ?? "", StringComparison.Ordinal);
    }

    private static byte[] WithKey(byte[] model, string key, object value)
    {
        using var source = new TempFile(model);
        using var gguf = GgufFile.Open(source.Path);
        var writer = new GgufWriter().Add(key, value);
        foreach (var (name, old) in gguf.Metadata.Values)
        {
            writer.Add(name, old);
        }

        foreach (var tensor in gguf.Tensors)
        {
            writer.AddTensor(tensor.Name, tensor.Type, [tensor.RowLength, tensor.Rows], gguf.Read(tensor));
        }

        return writer.ToBytes();
    }

    private static double Cosine(double[] a, float[] b) =>
        a.Zip(b, (x, y) => x * y).Sum() / Math.Sqrt(a.Sum(x => x * x) * b.Sum(x => (double)x * x));
}
