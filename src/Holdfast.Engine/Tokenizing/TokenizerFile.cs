using Holdfast.Engine.Gguf;

namespace Holdfast.Engine.Tokenizing;

/// <summary>Reads a vocabulary out of a model file.</summary>
internal static class TokenizerFile
{
    /// <summary>Sixteen times the largest published vocabularies, which have 2^18; so that no padded number of rows leaves 32 bits.</summary>
    public const int TokensMax = 1 << 22;

    /// <summary>Throws <see cref="ModelFileException"/> for keys of a wrong type, <see cref="TokenizerDataException"/> for what they say.</summary>
    public static TokenizerData Read(GgufMetadata metadata)
    {
        var model = metadata.Need("tokenizer.ggml.model");
        if (model == "no_vocab")
        {
            throw new TokenizerDataException("tokenizer.ggml.model is 'no_vocab'; such a file has no vocabulary and serves for measuring alone");
        }

        return new TokenizerData
        {
            Model = model,
            Pre = metadata.Text("tokenizer.ggml.pre") ?? "",
            Tokens = metadata.Texts("tokenizer.ggml.tokens") ?? throw new TokenizerDataException("tokenizer.ggml.tokens is missing"),
            Types = metadata.Wholes("tokenizer.ggml.token_type") ?? [],
            Scores = metadata.Numbers("tokenizer.ggml.scores") ?? [],
            Merges = Merges(metadata, model),
            Bos = metadata.Whole("tokenizer.ggml.bos_token_id"),
            Eos = metadata.Whole("tokenizer.ggml.eos_token_id"),
            Eot = metadata.Whole("tokenizer.ggml.eot_token_id"),
            Unknown = metadata.Whole("tokenizer.ggml.unknown_token_id"),
            Separator = metadata.Whole("tokenizer.ggml.seperator_token_id"),
            Cls = metadata.Whole("tokenizer.ggml.cls_token_id"),
            AddsBos = metadata.Flag("tokenizer.ggml.add_bos_token"),
            AddsSpacePrefix = metadata.Flag("tokenizer.ggml.add_space_prefix"),
            Lowercases = metadata.Flag("tokenizer.ggml.normalizer.lowercase"),
            StripsAccents = metadata.Flag("tokenizer.ggml.normalizer.strip_accents"),
        };
    }

    /// <summary>Each token needs its row of weights, and each row that may be drawn its token.</summary>
    /// <param name="metadata">Of the file.</param>
    /// <param name="rows">Of its <c>token_embd.weight</c>.</param>
    public static IEnumerable<string> RowFaults(GgufMetadata metadata, int rows)
    {
        if (metadata.Texts("tokenizer.ggml.tokens") is { } tokens && tokens.Length != rows)
        {
            yield return $"tokenizer.ggml.tokens has {tokens.Length} entries and token_embd.weight {rows} rows; they must be as many";
        }
    }

    private static string[] Merges(GgufMetadata metadata, string model)
    {
        var merges = metadata.Texts("tokenizer.ggml.merges");
        return merges is { Length: > 0 } || model != TokenizerModels.Bpe
            ? merges ?? []
            : throw new TokenizerDataException($"tokenizer.ggml.merges is {(merges is null ? "missing" : "empty")}");
    }
}
