using Holdfast.Engine.Gguf;
using Holdfast.Engine.Models;
using Holdfast.Engine.Tokenizing;

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

    /// <summary>Outputs of the classification head; 0 without one.</summary>
    public required int Outputs { get; init; }

    public int HeadSize => Width / Heads;

    public static BertShape Read(GgufFile file)
    {
        WholeModel.Check(file);
        var metadata = file.Metadata;
        var architecture = metadata.Need("general.architecture");
        if (architecture != Architecture)
        {
            throw new ModelFileException(file.Path, null, $"general.architecture is {architecture}; an encoder must be {Architecture}");
        }

        int Whole(string key) => metadata.Need($"bert.{key}", metadata.Whole($"bert.{key}"));
        var pooling = (Pooling)(metadata.Whole("bert.pooling_type") ?? (int)Pooling.Mean);
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
            Pooling = pooling,
            Outputs = pooling == Pooling.Classifier ? file.Need("cls.output.weight").Rows : 0,
        };
        string[] faults = [.. shape.Faults(), .. TokenizerFile.RowFaults(metadata, shape.Vocabulary), .. shape.LabelFaults(metadata), .. CausalFaults(metadata)];
        return faults.Length == 0 ? shape : throw new ModelFileException(file.Path, null, string.Join("; ", faults));
    }

    /// <summary>The tensors that an encoder of this shape has.</summary>
    public TensorLayout Layout()
    {
        var layout = new TensorLayout();
        layout.Matrix("token_embd.weight", Vocabulary, Width);
        layout.Floats("position_embd.weight", Width, TokensMax);
        layout.Floats("token_types.weight", Width, TokenTypes);
        AddBoth(layout, "token_embd_norm", Width);
        for (var i = 0; i < Layers; i++)
        {
            AddLayer(layout, $"blk.{i}.");
        }

        if (Pooling == Pooling.Classifier)
        {
            layout.Floats("cls.weight", Width, Width);
            layout.Floats("cls.bias", Width);
            layout.Floats("cls.output.weight", Width, Outputs);
            layout.Floats("cls.output.bias", Outputs);
        }

        return layout;
    }

    private void AddLayer(TensorLayout layout, string layer)
    {
        foreach (var (name, rows, columns) in new[] { ("attn_q", Width, Width), ("attn_k", Width, Width), ("attn_v", Width, Width), ("attn_output", Width, Width), ("ffn_up", HiddenWidth, Width), ("ffn_down", Width, HiddenWidth) })
        {
            layout.Matrix($"{layer}{name}.weight", rows, columns);
            layout.Floats($"{layer}{name}.bias", rows);
        }

        AddBoth(layout, layer + "attn_output_norm", Width);
        AddBoth(layout, layer + "layer_output_norm", Width);
    }

    private static void AddBoth(TensorLayout layout, string name, int length)
    {
        layout.Floats(name + ".weight", length);
        layout.Floats(name + ".bias", length);
    }

    private static IEnumerable<string> CausalFaults(GgufMetadata metadata)
    {
        if (metadata.Flag("bert.attention.causal") == true)
        {
            yield return "bert.attention.causal is true: encoders that see only what stands before are not supported";
        }
    }

    private IEnumerable<string> LabelFaults(GgufMetadata metadata)
    {
        if (Outputs > 0 && metadata.Texts("bert.classifier.output_labels") is { } labels && labels.Length != Outputs)
        {
            yield return $"bert.classifier.output_labels has {labels.Length} entries and cls.output.weight {Outputs} rows; they must be as many";
        }
    }

    private IEnumerable<string> Faults()
    {
        if (Layers is < 1 or > 256)
        {
            yield return $"bert.block_count is {Layers}; it must lie in 1..256";
        }

        if (Width < 1 || Width % 32 != 0 || HiddenWidth < 1 || HiddenWidth % 32 != 0 || Math.Max(Width, HiddenWidth) > ModelShape.WidthMax)
        {
            yield return $"bert.embedding_length {Width} and bert.feed_forward_length {HiddenWidth} must be multiples of 32, at most {ModelShape.WidthMax}";
        }

        if (Vocabulary > TokenizerFile.TokensMax)
        {
            yield return $"token_embd.weight has {Vocabulary} rows; at most {TokenizerFile.TokensMax} tokens are supported";
        }

        if (Heads < 1 || Width % Heads != 0 || HeadSize % 16 != 0)
        {
            yield return $"bert.attention.head_count is {Heads}; it must divide {Width} into multiples of 16";
        }

        if (TokensMax is < 3 or > 65536)
        {
            yield return $"bert.context_length is {TokensMax}; it must lie in 3..65536";
        }

        if (Epsilon is not (>= 0 and < 1))
        {
            yield return $"bert.attention.layer_norm_epsilon is {Epsilon}; it must lie in [0, 1)";
        }

        if (!Enum.IsDefined(Pooling))
        {
            yield return $"bert.pooling_type is {(int)Pooling}; known are 1 (mean), 2 (first token), 4 (classifier)";
        }
    }
}
