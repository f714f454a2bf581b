using Holdfast.Engine.Gguf;

namespace Holdfast.Engine.Embedding;

/// <summary>The sizes of a BERT encoder, from its metadata.</summary>
internal sealed record BertShape
{
    public const string Architecture = "bert";

    public required int Layers { get; init; }

    public required int Width { get; init; }

    public required int Heads { get; init; }

    public required int HiddenWidth { get; init; }

    public required int Vocabulary { get; init; }

    public required int TokensMax { get; init; }

    public required int TokenTypes { get; init; }

    public required float Epsilon { get; init; }

    public required Pooling Pooling { get; init; }

    public int HeadSize => Width / Heads;

    public static BertShape Read(GgufFile file)
    {
        var metadata = file.Metadata;
        var architecture = metadata.Need("general.architecture");
        if (architecture != Architecture)
        {
            throw new ModelFileException(file.Path, null, $"general.architecture is {architecture}; an encoder must be {Architecture}");
        }

        int Whole(string key) => metadata.Need($"bert.{key}", metadata.Whole($"bert.{key}"));
        var shape = new BertShape
        {
            Layers = Whole("block_count"),
            Width = Whole("embedding_length"),
            Heads = Whole("attention.head_count"),
            HiddenWidth = Whole("feed_forward_length"),
            TokensMax = Whole("context_length"),
            Vocabulary = file.Need("token_embd.weight").Rows,
            TokenTypes = file.Need("token_types.weight").Rows,
            Epsilon = (float)metadata.Need("bert.attention.layer_norm_epsilon", metadata.Number("bert.attention.layer_norm_epsilon")),
            Pooling = (Pooling)(metadata.Whole("bert.pooling_type") ?? (int)Pooling.Mean),
        };
        foreach (var fault in shape.Faults())
        {
            throw new ModelFileException(file.Path, null, fault);
        }

        return shape;
    }

    private IEnumerable<string> Faults()
    {
        if (Layers is < 1 or > 256)
        {
            yield return $"bert.block_count is {Layers}; it must lie in 1..256";
        }

        if (Width < 1 || Width % 32 != 0 || HiddenWidth < 1 || HiddenWidth % 32 != 0)
        {
            yield return $"bert.embedding_length {Width} and bert.feed_forward_length {HiddenWidth} must be multiples of 32";
        }

        if (Heads < 1 || Width % Heads != 0 || HeadSize % 16 != 0)
        {
            yield return $"bert.attention.head_count is {Heads}; it must divide {Width} into multiples of 16";
        }

        if (TokensMax is < 3 or > 65536)
        {
            yield return $"bert.context_length is {TokensMax}; it must lie in 3..65536";
        }

        if (!Enum.IsDefined(Pooling))
        {
            yield return $"bert.pooling_type is {(int)Pooling}; known are 1 (mean), 2 (first token), 4 (classifier)";
        }
    }
}
