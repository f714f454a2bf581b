using Holdfast.Engine.Gguf;
using Holdfast.Engine.Models;
using Holdfast.Engine.Templates;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Engine.Serving;

/// <summary>What a file gives: weights, vocabulary, chat template. The file itself is closed: nothing that happens to it matters any more.</summary>
internal sealed class LoadedModel : IDisposable
{
    /// <summary>What the lack of a template means, behind the model's name.</summary>
    public const string ChatFault = "has no chat template in its file, so it answers /v1/completions alone";

    private LoadedModel(string path, ModelWeights weights, Tokenizer tokenizer, ChatTemplate? template)
    {
        (Path, Weights, Tokenizer, Template) = (path, weights, tokenizer, template);
    }

    public string Path { get; }

    public ModelWeights Weights { get; }

    public Tokenizer Tokenizer { get; }

    /// <summary>Null when the file has none: then only plain completions are served.</summary>
    public ChatTemplate? Template { get; }

    /// <summary>Reads a model once <paramref name="check"/> has seen the file's head and thrown nothing.</summary>
    public static LoadedModel Load(string path, Action<GgufFile> check)
    {
        using var file = GgufFile.Open(path);
        try
        {
            // The small parts first: a file that cannot be served is refused before its weights are read.
            ModelShape.Read(file).Layout().Check(file);
            check(file);
            var tokenizer = new Tokenizer(TokenizerFile.Read(file.Metadata));
            var template = file.Metadata.Text("tokenizer.chat_template") is { Length: > 0 } source ? ChatTemplate.Load(source) : null;
            return new LoadedModel(path, new ModelWeights(file), tokenizer, template);
        }
        catch (Exception fault) when (fault is TokenizerDataException or TemplateException)
        {
            throw new ModelFileException(path, null, fault.Message);
        }
    }

    public void Dispose() => Weights.Dispose();
}
