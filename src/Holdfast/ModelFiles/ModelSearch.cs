namespace Holdfast.ModelFiles;

/// <summary>What a search for a model found: one file, or why not and what helps.</summary>
internal sealed record ModelSearch
{
    public string? Path { get; private init; }

    public string? Fault { get; private init; }

    public static ModelSearch Found(string path) => new() { Path = path };

    public static ModelSearch Nothing(string fault) => new() { Fault = fault };
}
