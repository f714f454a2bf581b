using Holdfast.Engine.Gguf;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Engine.Models;

/// <summary>The sizes of a decoder, from its metadata; whatever this engine would compute wrongly is refused by name.</summary>
internal sealed record ModelShape
{
    // So that no product of two sizes leaves 32 bits: a flipped bit in head_count (0x10000004 x 64 is 256 again) passed for four heads and was an access violation.
    public const int WidthMax = 1 << 20;
    private const int HeadsMax = 4096;

    public static IReadOnlyList<string> Architectures { get; } = ["llama", "qwen2", "qwen3"];

    public required string Architecture { get; init; }

    public required int Layers { get; init; }

    public required int Width { get; init; }

    public required int Heads { get; init; }

    public required int KvHeads { get; init; }

    public required int HeadSize { get; init; }

    public required int HiddenWidth { get; init; }

    public required int Vocabulary { get; init; }

    /// <summary>Tokens the model was trained for.</summary>
    public required int ContextTokens { get; init; }

    public required float Epsilon { get; init; }

    public required double RopeBase { get; init; }

    /// <summary>Query and key pairs stand as (i, i + half) instead of (2i, 2i + 1).</summary>
    public bool HasHalfRotation => Architecture != "llama";

    /// <summary>Each query and key head is normalised before it is turned.</summary>
    public bool HasHeadNorms => Architecture == "qwen3";

    public int QueryWidth => Heads * HeadSize;

    public int KvWidth => KvHeads * HeadSize;

    public int GroupHeads => Heads / KvHeads;

    /// <summary>Bytes of keys and values that a token takes, as halves.</summary>
    public long KvTokenBytes => 2L * 2 * Layers * KvWidth;

    public static ModelShape Read(GgufFile file)
    {
        WholeModel.Check(file);
        var metadata = file.Metadata;
        var architecture = metadata.Need("general.architecture");
        if (!Architectures.Contains(architecture))
        {
            var encoder = architecture == "bert" ? ", an encoder: it embeds and does not answer" : "";
            throw new ModelFileException(file.Path, null, $"general.architecture is {architecture}{encoder}; this engine runs {string.Join(", ", Architectures)}");
        }

        int Whole(string key) => metadata.Need($"{architecture}.{key}", metadata.Whole($"{architecture}.{key}"));
        var heads = Whole("attention.head_count");
        var width = Whole("embedding_length");
        var shape = new ModelShape
        {
            Architecture = architecture,
            Layers = Whole("block_count"),
            Width = width,
            Heads = heads,
            KvHeads = metadata.Whole($"{architecture}.attention.head_count_kv") ?? heads,
            HeadSize = metadata.Whole($"{architecture}.attention.key_length") ?? (heads > 0 ? width / heads : 0),
            HiddenWidth = Whole("feed_forward_length"),
            Vocabulary = file.Need("token_embd.weight").Rows,
            ContextTokens = Whole("context_length"),
            Epsilon = (float)metadata.Need($"{architecture}.attention.layer_norm_rms_epsilon", metadata.Number($"{architecture}.attention.layer_norm_rms_epsilon")),
            RopeBase = metadata.Number($"{architecture}.rope.freq_base") ?? 10000,
        };
        string[] faults = [.. shape.Faults(), .. Unsupported(metadata, shape), .. OtherScaling(file, architecture), .. OtherUse(metadata, architecture), .. TokenizerFile.RowFaults(metadata, shape.Vocabulary)];
        return faults.Length == 0 ? shape : throw new ModelFileException(file.Path, null, string.Join("; ", faults));
    }

    /// <summary>The tensors that a model of this shape has.</summary>
    public TensorLayout Layout()
    {
        var layout = new TensorLayout();
        layout.Matrix("token_embd.weight", Vocabulary, Width);
        for (var i = 0; i < Layers; i++)
        {
            AddLayer(layout, $"blk.{i}.");
        }

        layout.Floats("output_norm.weight", Width);
        layout.Matrix("output.weight", Vocabulary, Width, isOptional: true);
        layout.Floats("rope_freqs.weight", HeadSize / 2, isOptional: true);
        return layout;
    }

    private void AddLayer(TensorLayout layout, string layer)
    {
        layout.Floats(layer + "attn_norm.weight", Width);
        foreach (var (name, width) in new[] { ("attn_q", QueryWidth), ("attn_k", KvWidth), ("attn_v", KvWidth) })
        {
            layout.Matrix($"{layer}{name}.weight", width, Width);
            layout.Floats($"{layer}{name}.bias", width, isOptional: true);
        }

        if (HasHeadNorms)
        {
            layout.Floats(layer + "attn_q_norm.weight", HeadSize);
            layout.Floats(layer + "attn_k_norm.weight", HeadSize);
        }

        layout.Matrix(layer + "attn_output.weight", Width, QueryWidth);
        layout.Floats(layer + "ffn_norm.weight", Width);
        layout.Matrix(layer + "ffn_gate.weight", HiddenWidth, Width);
        layout.Matrix(layer + "ffn_up.weight", HiddenWidth, Width);
        layout.Matrix(layer + "ffn_down.weight", Width, HiddenWidth);
    }

    private static IEnumerable<string> Unsupported(GgufMetadata metadata, ModelShape shape)
    {
        var architecture = shape.Architecture;
        foreach (var key in new[] { "expert_count", "expert_used_count" })
        {
            if (metadata.Whole($"{architecture}.{key}") is > 0)
            {
                yield return $"{architecture}.{key} is set: mixtures of experts are not supported";
            }
        }

        foreach (var key in new[] { "attn_logit_softcapping", "final_logit_softcapping" })
        {
            if (metadata.Number($"{architecture}.{key}") is > 0)
            {
                yield return $"{architecture}.{key} is set: soft caps are not supported";
            }
        }

        if (metadata.Whole($"{architecture}.attention.sliding_window") is { } window && window > 0 && window < shape.ContextTokens)
        {
            yield return $"{architecture}.attention.sliding_window is {window}, below the context of {shape.ContextTokens}: sliding windows are not supported";
        }

        if (metadata.Whole($"{architecture}.attention.value_length") is { } valueLength && valueLength != shape.HeadSize)
        {
            yield return $"{architecture}.attention.value_length is {valueLength} and the key length {shape.HeadSize}; they must be equal";
        }

        if (metadata.Whole($"{architecture}.rope.dimension_count") is { } turned && turned != shape.HeadSize)
        {
            yield return $"{architecture}.rope.dimension_count is {turned}; only the whole head of {shape.HeadSize} is supported";
        }
    }

    /// <summary>Positions that others would scale. As llama.cpp reads such files: without a type the scaling is linear, and a factor of 0 means none.</summary>
    private static IEnumerable<string> OtherScaling(GgufFile file, string architecture)
    {
        var metadata = file.Metadata;
        var rope = $"{architecture}.rope";
        var type = metadata.Text($"{rope}.scaling.type") ?? "";
        if (type is not ("none" or "linear" or "llama3" or ""))
        {
            yield return $"{rope}.scaling.type is {type}: only none and Llama 3's factors are supported";
        }

        var key = metadata.Has($"{rope}.scaling.factor") ? $"{rope}.scaling.factor" : $"{rope}.scale_linear";
        if (type is "linear" or "" && metadata.Number(key) is { } factor && factor is not (0 or 1))
        {
            yield return $"{key} is {factor}: linear scaling of positions is not supported";
        }

        if (type == "llama3" && file.Find("rope_freqs.weight") is null)
        {
            yield return $"{rope}.scaling.type is llama3, but the tensor rope_freqs.weight with its factors is missing: convert the model again";
        }

        if (metadata.Number($"{rope}.scaling.attn_factor") is { } size && size is not 1)
        {
            yield return $"{rope}.scaling.attn_factor is {size}: scaled rotations are not supported";
        }
    }

    /// <summary>Models of a decoder's architecture that are trained for something else: their texts would be noise.</summary>
    private static IEnumerable<string> OtherUse(GgufMetadata metadata, string architecture)
    {
        if (metadata.Flag($"{architecture}.attention.causal") == false)
        {
            yield return $"{architecture}.attention.causal is false: the model sees its whole text at once and does not generate";
        }

        if (metadata.Whole($"{architecture}.pooling_type") is { } pooling && pooling > 0)
        {
            yield return $"{architecture}.pooling_type is {pooling}: the model embeds or ranks and does not generate";
        }
    }

    private IEnumerable<string> Faults()
    {
        if (Layers is < 1 or > 1024)
        {
            yield return $"{Architecture}.block_count is {Layers}; it must lie in 1..1024";
        }

        if (Width < 32 || Width % 32 != 0 || HiddenWidth < 32 || HiddenWidth % 32 != 0 || Math.Max(Width, HiddenWidth) > WidthMax)
        {
            yield return $"{Architecture}.embedding_length {Width} and feed_forward_length {HiddenWidth} must be multiples of 32, at most {WidthMax}";
        }

        if (Vocabulary > TokenizerFile.TokensMax)
        {
            yield return $"token_embd.weight has {Vocabulary} rows; at most {TokenizerFile.TokensMax} tokens are supported";
        }

        if (Heads > HeadsMax)
        {
            yield return $"{Architecture}.attention.head_count is {Heads}; it must lie in 1..{HeadsMax}";
        }
        else if (Heads < 1 || KvHeads < 1 || Heads % Math.Max(1, KvHeads) != 0)
        {
            yield return $"{Architecture}.attention.head_count is {Heads} with {KvHeads} KV heads; the second must divide the first";
        }

        if (HeadSize < 16 || HeadSize % 16 != 0 || HeadSize > 512 || QueryWidth % 32 != 0)
        {
            yield return $"the head size is {HeadSize}; it must be a multiple of 16, at most 512";
        }

        if (Epsilon is not (>= 0 and < 1) || RopeBase is not (> 0 and < 1e15))
        {
            yield return $"{Architecture}.attention.layer_norm_rms_epsilon is {Epsilon} and rope.freq_base {RopeBase}; the first must lie in [0, 1), the second in (0, 1e15)";
        }

        if (ContextTokens < 1)
        {
            yield return $"{Architecture}.context_length is {ContextTokens}; it must be positive";
        }
    }
}
