using Holdfast.Configuration;
using Holdfast.Engine.Embedding;
using Holdfast.Engine.Gguf;
using Holdfast.Printing;
using Holdfast.Retrieval.Answering;

namespace Holdfast.ModelFiles;

/// <summary>The names that clients ask for. One that another answers to would be loaded and never reached, so it is refused before anything is read.</summary>
internal static class ServedNames
{
    /// <param name="options">With the files that its models stand for; one that stands for none is empty.</param>
    public static IReadOnlyList<ModelFault> Faults(HoldfastOptions options)
    {
        var encoder = options.Embedding.Model.Length > 0 ? options.Embedding.Model : File.Exists(EmbeddingEngine.ShippedModelPath) ? EmbeddingEngine.ShippedModelPath : "";
        var (model, embedder) = (Name(options.Engine.Name, options.Model), Name(options.Embedding.Name, encoder));
        return
        [
            .. Faults("model", "engine.name", options.Engine.Name, model, other: null),
            .. Faults("embedding.model", "embedding.name", options.Embedding.Name, embedder, other: model),
        ];
    }

    private static string? Name(string chosen, string path) => path.Length == 0 ? null : chosen.Length > 0 ? chosen : ModelName.Of(path);

    private static IEnumerable<ModelFault> Faults(string fileKey, string nameKey, string chosen, string? name, string? other)
    {
        if (name is not null && Reason(name, other) is { } reason)
        {
            yield return new ModelFault(
                chosen.Length > 0 ? nameKey : fileKey,
                chosen.Length > 0 ? $"{nameKey} is {Terminal.Shown(name)}, which {reason}" : $"{fileKey} goes by its file's name {Terminal.Shown(name)}, which {reason}",
                $"set {nameKey} to another");
        }
    }

    private static string? Reason(string name, string? other) => name switch
    {
        ExtractiveBackend.ModelId => "belongs to the answers made of passages",
        _ when string.IsNullOrWhiteSpace(name) => "nobody can see",
        _ when name.Contains('@', StringComparison.Ordinal) => "has an @, and that stands between a model and a collection",
        _ when Terminal.Shown(name) != name => "has characters that nobody can see",
        _ when name == other => "belongs to the language model",
        _ => null,
    };
}
