namespace Holdfast.Verbs;

/// <summary>A row of <c>models list</c>.</summary>
internal sealed record ListedModel
{
    public required string Folder { get; init; }

    /// <summary>Why the folder is searched.</summary>
    public required string Origin { get; init; }

    public required string File { get; init; }

    /// <summary>The name clients ask for.</summary>
    public required string Name { get; init; }

    /// <summary>What <c>--model</c> takes for exactly this file.</summary>
    public required string Use { get; init; }

    /// <summary>The file that goes by the same name and comes first; absent when this one wins.</summary>
    public string? HiddenBy { get; init; }

    public required long FileBytes { get; init; }

    public string? Architecture { get; init; }

    /// <summary>The tensor type that most of its bytes have.</summary>
    public string? Quant { get; init; }

    public long? Weights { get; init; }

    public int? ContextTokens { get; init; }

    public string? Licence { get; init; }

    public bool IsEncoder { get; init; }

    /// <summary>Why the engine does not run it; empty when it does.</summary>
    public required IReadOnlyList<string> Faults { get; init; }
}
