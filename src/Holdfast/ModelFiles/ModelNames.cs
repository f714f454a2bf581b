using Holdfast.Configuration;

namespace Holdfast.ModelFiles;

/// <summary>Turns what the configuration calls its models, by name or path, into files.</summary>
internal static class ModelNames
{
    /// <summary>The options with full paths, or what is wrong with the first name that stands for no file.</summary>
    public static (HoldfastOptions? Options, string? Fault) Resolve(HoldfastOptions options, ModelFolders folders)
    {
        var model = Find(options.Model, folders);
        var encoder = Find(options.Embedding.Model, folders);
        return (model.Fault ?? encoder.Fault) is { } fault
            ? (null, fault)
            : (options with { Model = model.Path ?? "", Embedding = options.Embedding with { Model = encoder.Path ?? "" } }, null);
    }

    private static (string? Path, string? Fault) Find(string text, ModelFolders folders)
    {
        if (text.Length == 0)
        {
            return default;
        }

        var search = folders.Find(text);
        return (search.Path, search.Fault);
    }
}
