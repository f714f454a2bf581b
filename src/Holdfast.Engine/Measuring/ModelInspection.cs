using Holdfast.Engine.Embedding;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Models;
using Holdfast.Engine.Templates;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Engine.Measuring;

/// <summary>What a model file is and whether this engine runs it, from its head alone: no weight is read.</summary>
public sealed record ModelInspection
{
    public required string Path { get; init; }

    public required string Name { get; init; }

    public required long FileBytes { get; init; }

    public required string Architecture { get; init; }

    public string? Title { get; init; }

    public string? Licence { get; init; }

    public required long Weights { get; init; }

    /// <summary>Bytes of each tensor type.</summary>
    public required IReadOnlyDictionary<string, long> BytesByType { get; init; }

    public int? ContextTokens { get; init; }

    public int? Vocabulary { get; init; }

    /// <summary>Bytes of keys and values that a token takes; null for encoders.</summary>
    public long? KvTokenBytes { get; init; }

    public bool IsEncoder { get; init; }

    public bool HasChatTemplate { get; init; }

    /// <summary>Why the engine does not run it; empty when it does.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>What it does not do though the engine runs it.</summary>
    public IReadOnlyList<string> Lacks { get; init; } = [];

    /// <summary>Throws <see cref="ModelFileException"/> when it is no GGUF file.</summary>
    public static ModelInspection Of(string path)
    {
        using var file = GgufFile.Open(path);
        var metadata = file.Metadata;
        var architecture = metadata.Text("general.architecture") ?? "";
        var isEncoder = architecture == BertShape.Architecture;
        List<string> faults = [];
        ModelShape? shape = null;
        if (isEncoder)
        {
            CheckEncoder(faults, file);
        }
        else
        {
            Try(faults, () => (shape = ModelShape.Read(file)).Layout().Check(file));
            Try(faults, () => _ = new Tokenizer(TokenizerFile.Read(metadata)));
        }

        var template = metadata.Text("tokenizer.chat_template") ?? "";
        List<string> lacks = isEncoder || template.Length > 0 ? [] : ["a chat template: it answers /v1/completions alone"];
        if (template.Length > 0)
        {
            Try(faults, () => lacks.AddRange(ChatTemplate.Load(template).ToolsFault is { } toolsFault ? [$"tools: {toolsFault}"] : []));
        }

        return new ModelInspection
        {
            Path = path,
            Name = ModelName.Of(path),
            FileBytes = file.FileBytes,
            Architecture = architecture,
            Title = Texts(metadata, "general.name"),
            Licence = Texts(metadata, "general.license"),
            Weights = file.Tensors.Sum(t => t.Numbers),
            BytesByType = file.Tensors.GroupBy(t => t.Type.ToString(), StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(t => t.Bytes), StringComparer.Ordinal),
            ContextTokens = metadata.Whole($"{architecture}.context_length"),
            Vocabulary = metadata.Texts("tokenizer.ggml.tokens")?.Length,
            KvTokenBytes = shape?.KvTokenBytes,
            IsEncoder = isEncoder,
            HasChatTemplate = template.Length > 0,
            Faults = faults,
            Lacks = lacks,
        };
    }

    private static void CheckEncoder(List<string> faults, GgufFile file)
    {
        Try(faults, () =>
        {
            var shape = BertShape.Read(file);
            shape.Layout().Check(file);
            if (shape.Pooling == Pooling.Classifier)
            {
                ClassifierEngine.Windows(file, shape.TokensMax);
            }
        });
        Try(faults, () => TextPieces.Read(file, tokensMax: 0));
    }

    /// <summary>For show alone: a list is as good as a text, and anything else is no reason not to run the model.</summary>
    private static string? Texts(GgufMetadata metadata, string key) => metadata.Values.GetValueOrDefault(key) switch
    {
        string text => text,
        string[] texts => string.Join(", ", texts),
        _ => null,
    };

    private static void Try(List<string> faults, Action check)
    {
        try
        {
            check();
        }
        catch (Exception fault) when (fault is ModelFileException or TokenizerDataException or TemplateException)
        {
            faults.Add(fault.Message);
        }
    }
}
