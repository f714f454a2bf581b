using Holdfast.Configuration;
using Holdfast.Engine.Embedding;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Measuring;

namespace Holdfast.ModelFiles;

/// <summary>Everything that a start would refuse about the models of the configuration: all of it at once, from the heads of the files, with no weight read.</summary>
internal static class ModelCheck
{
    public static IReadOnlyList<ModelFault> Faults(HoldfastOptions options, ModelFolders folders)
    {
        List<ModelFault> faults = [];
        var model = File("model", options.Model, folders, faults);
        var encoder = File("embedding.model", options.Embedding.Model, folders, faults);
        faults.AddRange(Inspect("model", model, LanguageModelFaults));
        faults.AddRange(Inspect("embedding.model", encoder, EncoderFaults));
        faults.AddRange(ServedNames.Faults(options with { Model = model, Embedding = options.Embedding with { Model = encoder } }));
        return faults;
    }

    /// <summary>The file that a text stands for; empty when there is none.</summary>
    private static string File(string key, string text, ModelFolders folders, List<ModelFault> faults)
    {
        var search = text.Length > 0 ? folders.Find(text) : ModelSearch.Found("");
        if (search.Fault?.Split('\n', 2) is [var fault, .. var more])
        {
            faults.Add(new ModelFault(key, $"{key} stands for no file: {fault}", string.Concat(more).Trim()));
        }

        return search.Path ?? "";
    }

    private static IEnumerable<ModelFault> Inspect(string key, string path, Func<string, IReadOnlyList<string>> look)
    {
        IReadOnlyList<string> found;
        try
        {
            found = path.Length > 0 ? look(path) : [];
        }
        catch (Exception fault) when (fault is ModelFileException or IOException or UnauthorizedAccessException)
        {
            found = [fault.Message];
        }

        return found.Select(fault => new ModelFault(key, $"{key} cannot be used: {fault}", ""));
    }

    private static IReadOnlyList<string> LanguageModelFaults(string path)
    {
        var found = ModelInspection.Of(path);
        return found.IsEncoder ? [$"{path}: an encoder: it embeds and does not answer"] : found.Faults;
    }

    private static IReadOnlyList<string> EncoderFaults(string path)
    {
        using (var file = GgufFile.Open(path))
        {
            EmbeddingEngine.Inspect(file);
        }

        return ModelInspection.Of(path).Faults;
    }
}
