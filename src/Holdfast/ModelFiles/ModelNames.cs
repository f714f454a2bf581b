using Holdfast.Configuration;

namespace Holdfast.ModelFiles;

/// <summary>Turns what the configuration calls its models, by name or path, into files.</summary>
internal static class ModelNames
{
    /// <summary>The options with full paths, or what is wrong with them: each name that stands for no file, else each that no client could ask for.</summary>
    public static (HoldfastOptions? Options, string? Fault) Resolve(HoldfastOptions options, ModelFolders folders)
    {
        var model = Find(options.Model, folders);
        var encoder = Find(options.Embedding.Model, folders);
        var resolved = options with { Model = model.Path ?? "", Embedding = options.Embedding with { Model = encoder.Path ?? "" } };
        List<string> faults = [.. new[] { model.Fault, encoder.Fault }.OfType<string>()];
        if (faults.Count == 0)
        {
            faults.AddRange(ServedNames.Faults(resolved).Select(fault => fault.ToString()));
        }

        return faults.Count > 0 ? (null, string.Join('\n', faults)) : (resolved, null);
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
