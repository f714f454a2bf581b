using Holdfast.Engine.Gguf;
using Holdfast.Engine.Quantising;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Tests.Engine.Models;

/// <summary>Small random models of each architecture, from a seed.</summary>
internal static class SyntheticModel
{
    public const int Width = 256;
    public const int Hidden = 512;
    public const int Layers = 2;
    public const int Heads = 4;
    public const int KvHeads = 2;
    public const int Vocabulary = 96;

    public static byte[] Make(string architecture, TensorType type, bool hasOwnHead = true, bool hasRopeFactors = false, int seed = 1, int headSize = 0, TokenizerData? vocabulary = null, string? template = null, int contextTokens = 512)
    {
        var tokens = vocabulary?.Tokens.Count ?? Vocabulary;
        var random = new Random(seed);
        headSize = headSize > 0 ? headSize : architecture == "qwen3" ? 128 : 64;
        var writer = new GgufWriter()
            .Add("general.architecture", architecture)
            .Add($"{architecture}.block_count", (uint)Layers)
            .Add($"{architecture}.context_length", (uint)contextTokens)
            .Add($"{architecture}.embedding_length", (uint)Width)
            .Add($"{architecture}.feed_forward_length", (uint)Hidden)
            .Add($"{architecture}.attention.head_count", (uint)Heads)
            .Add($"{architecture}.attention.head_count_kv", (uint)KvHeads)
            .Add($"{architecture}.vocab_size", (uint)tokens)
            .Add($"{architecture}.attention.key_length", (uint)headSize)
            .Add($"{architecture}.attention.value_length", (uint)headSize)
            .Add($"{architecture}.attention.layer_norm_rms_epsilon", 1e-5f)
            .Add($"{architecture}.rope.freq_base", 10000f)
            .Add("tokenizer.ggml.model", vocabulary?.Model ?? "no_vocab");
        if (vocabulary is not null)
        {
            AddText(writer, vocabulary, template);
        }

        void Matrix(string name, int rows, int columns) =>
            writer.AddTensor(name, type, [columns, rows], BlockCodecs.Encode(type, Values(random, rows * columns, 1 / MathF.Sqrt(columns), 0)));
        void Vector(string name, int length, float centre) =>
            writer.AddTensor(name, TensorType.F32, [length], BlockCodecs.Encode(TensorType.F32, Values(random, length, .1f, centre)));
        Matrix("token_embd.weight", tokens, Width);
        for (var i = 0; i < Layers; i++)
        {
            Vector($"blk.{i}.attn_norm.weight", Width, 1);
            Matrix($"blk.{i}.attn_q.weight", Heads * headSize, Width);
            Matrix($"blk.{i}.attn_k.weight", KvHeads * headSize, Width);
            Matrix($"blk.{i}.attn_v.weight", KvHeads * headSize, Width);
            if (architecture == "qwen2")
            {
                Vector($"blk.{i}.attn_q.bias", Heads * headSize, 0);
                Vector($"blk.{i}.attn_k.bias", KvHeads * headSize, 0);
                Vector($"blk.{i}.attn_v.bias", KvHeads * headSize, 0);
            }
            else if (architecture == "qwen3")
            {
                Vector($"blk.{i}.attn_q_norm.weight", headSize, 1);
                Vector($"blk.{i}.attn_k_norm.weight", headSize, 1);
            }

            Matrix($"blk.{i}.attn_output.weight", Width, Heads * headSize);
            Vector($"blk.{i}.ffn_norm.weight", Width, 1);
            Matrix($"blk.{i}.ffn_gate.weight", Hidden, Width);
            Matrix($"blk.{i}.ffn_up.weight", Hidden, Width);
            Matrix($"blk.{i}.ffn_down.weight", Width, Hidden);
        }

        Vector("output_norm.weight", Width, 1);
        if (hasOwnHead)
        {
            Matrix("output.weight", tokens, Width);
        }

        if (hasRopeFactors)
        {
            Vector("rope_freqs.weight", headSize / 2, 3);
        }

        return writer.ToBytes();
    }

    private static void AddText(GgufWriter writer, TokenizerData vocabulary, string? template)
    {
        writer.Add("tokenizer.ggml.pre", vocabulary.Pre)
            .Add("tokenizer.ggml.tokens", vocabulary.Tokens.ToArray())
            .Add("tokenizer.ggml.token_type", vocabulary.Types.ToArray());
        if (vocabulary.Merges.Count > 0)
        {
            writer.Add("tokenizer.ggml.merges", vocabulary.Merges.ToArray());
        }

        if (vocabulary.Eos is { } eos)
        {
            writer.Add("tokenizer.ggml.eos_token_id", (uint)eos);
        }

        if (template is not null)
        {
            writer.Add("tokenizer.chat_template", template);
        }
    }

    private static float[] Values(Random random, int count, float size, float centre)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = centre + size * (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 2;
        }

        return values;
    }
}
