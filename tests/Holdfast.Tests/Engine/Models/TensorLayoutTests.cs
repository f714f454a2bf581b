using Holdfast.Engine.Embedding;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Measuring;
using Holdfast.Engine.Models;
using Holdfast.Engine.Serving;
using Holdfast.Tests.Engine.Gguf;

namespace Holdfast.Tests.Engine.Models;

/// <summary>What loading refuses, looking at a file refuses in the same words.</summary>
public sealed class TensorLayoutTests
{
    private static readonly byte[] Vector = new byte[4 * SyntheticModel.Width];

    [Theory]
    [InlineData("llama", "missing", "the tensor output_norm.weight is missing")]
    [InlineData("qwen3", "missing norm", "the tensor blk.1.attn_k_norm.weight is missing")]
    [InlineData("llama", "unknown", "tensor blk.0.attn_sinks.weight: this engine does not know what it is for in the architecture llama")]
    [InlineData("qwen2", "norm of another", "tensor blk.0.attn_q_norm.weight: this engine does not know")]
    [InlineData("llama", "shape", "tensor blk.1.attn_norm.weight: it has 1 rows of 128; the metadata asks for 1 of 256")]
    [InlineData("llama", "fewer layers", "tensor blk.1.attn_norm.weight: this engine does not know")]
    [InlineData("llama", "more layers", "the tensor blk.2.attn_norm.weight is missing")]
    [InlineData("llama", "fewer tokens", "tokenizer.ggml.tokens has 10 entries and token_embd.weight ")]
    [InlineData("llama", "more tokens", " rows; they must be as many")]
    [InlineData("llama", "no merges", "tokenizer.ggml.merges is empty")]
    public void A_decoder_that_lies_is_refused_by_loading_and_by_looking(string architecture, string lie, string expected)
    {
        using var whole = new TempFile(SyntheticModel.Make(architecture, TensorType.Q8_0, vocabulary: Tokenizing.SmallVocabulary.Data("smollm")));
        var copy = new ModelCopy(whole.Path);
        Lie(copy, architecture, lie);
        using var file = copy.ToFile();
        var fault = Assert.Throws<ModelFileException>(() => EngineBackend.Load(file.Path, new EngineOptions { KvMiB = 1, Threads = 1 }, gate: null, TimeProvider.System));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Contains(ModelInspection.Of(file.Path).Faults, f => f.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("blk.5.ffn_down.bias", null, null, "the tensor blk.5.ffn_down.bias is missing")]
    [InlineData(null, "bert.block_count", 5u, "tensor blk.5.")]
    [InlineData(null, "bert.attention.layer_norm_epsilon", float.NaN, "bert.attention.layer_norm_epsilon is NaN; it must lie in [0, 1)")]
    [InlineData(null, "bert.attention.layer_norm_epsilon", -1f, "bert.attention.layer_norm_epsilon is -1; it must lie in [0, 1)")]
    [InlineData(null, "bert.context_length", 500u, "tensor position_embd.weight: it has 512 rows of 384; the metadata asks for 500 of 384")]
    [InlineData(null, "bert.attention.causal", true, "bert.attention.causal is true")]
    [InlineData(null, "split.count", (ushort)2, "one part of a model in 2 files; merge them")]
    [InlineData(null, "general.type", "mmproj", "general.type is mmproj")]
    public void An_encoder_that_lies_is_refused_by_loading_and_by_looking(string? missing, string? key, object? value, string expected)
    {
        var copy = new ModelCopy(EmbeddingEngine.ShippedModelPath);
        if (missing is not null)
        {
            copy.Without(missing);
        }

        if (key is not null)
        {
            copy.Values[key] = value!;
        }

        using var file = copy.ToFile();
        var fault = Assert.Throws<ModelFileException>(() => EmbeddingEngine.Load(file.Path, new EmbeddingOptions(), gate: null));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Contains(expected, Assert.Single(ModelInspection.Of(file.Path).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_too_large_for_one_piece_is_refused_by_name()
    {
        const int side = 1 << 14;
        var written = new GgufWriter().AddTensor("table", TensorType.Q4_0, [32, 1], new byte[18]).ToBytes();
        using var file = new TempFile(TensorLie.Dimensions(written, "table", side, side + 1));
        TensorLie.Stretch(file.Path, written.Length + TensorTypes.RowBytes(TensorType.Q4_0, side) * (side + 1));
        using var gguf = GgufFile.Open(file.Path);
        var layout = new TensorLayout();
        layout.Floats("table", side, side + 1);
        Assert.Contains($"tensor table: a table of {(long)side * (side + 1)} numbers; the limit is ", Assert.Throws<ModelFileException>(() => layout.Check(gguf)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("bert")]
    public void A_vocabulary_larger_than_any_published_is_refused(string architecture)
    {
        const int rows = (1 << 22) + 1;
        var writer = new GgufWriter().Add("general.architecture", architecture)
            .Add($"{architecture}.attention.layer_norm_rms_epsilon", 1e-5f).Add($"{architecture}.attention.layer_norm_epsilon", 1e-5f);
        foreach (var key in new[] { "block_count", "embedding_length", "feed_forward_length", "context_length", "attention.head_count" })
        {
            writer.Add($"{architecture}.{key}", 32u);
        }

        var written = writer.AddTensor("token_types.weight", TensorType.Q4_0, [32, 1], new byte[18]).AddTensor("token_embd.weight", TensorType.Q4_0, [32, 1], new byte[18]).ToBytes();
        using var file = new TempFile(TensorLie.Dimensions(written, "token_embd.weight", 32, rows));
        TensorLie.Stretch(file.Path, written.Length + 18L * rows);
        Assert.Contains(ModelInspection.Of(file.Path).Faults, f => f.Contains($"token_embd.weight has {rows} rows; at most", StringComparison.Ordinal));
    }

    private static void Lie(ModelCopy copy, string architecture, string lie)
    {
        var tokens = (string[])copy.Values["tokenizer.ggml.tokens"];
        _ = lie switch
        {
            "missing" => copy.Without("output_norm.weight"),
            "missing norm" => copy.Without("blk.1.attn_k_norm.weight"),
            "unknown" => copy.With("blk.0.attn_sinks.weight", TensorType.F32, [SyntheticModel.Width], Vector),
            "norm of another" => copy.With("blk.0.attn_q_norm.weight", TensorType.F32, [SyntheticModel.Width], Vector),
            "shape" => copy.With("blk.1.attn_norm.weight", TensorType.F32, [SyntheticModel.Width / 2], Vector[..(2 * SyntheticModel.Width)]),
            _ => copy,
        };
        switch (lie)
        {
            case "fewer layers": copy.Values[$"{architecture}.block_count"] = 1u; break;
            case "more layers": copy.Values[$"{architecture}.block_count"] = 3u; break;
            case "fewer tokens": (copy.Values["tokenizer.ggml.tokens"], copy.Values["tokenizer.ggml.token_type"]) = (tokens[..10], new int[10]); break;
            case "more tokens": (copy.Values["tokenizer.ggml.tokens"], copy.Values["tokenizer.ggml.token_type"]) = ((string[])[.. tokens, "one more"], new int[tokens.Length + 1]); break;
            case "no merges": copy.Values["tokenizer.ggml.merges"] = Array.Empty<string>(); break;
        }
    }
}
