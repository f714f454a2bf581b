namespace Holdfast.Pulling;

/// <summary>A model that is known to run well here. Commit and digest pin the bytes.</summary>
internal sealed record CatalogueEntry
{
    /// <summary>What people type after <c>pull</c> and after <c>--model</c>.</summary>
    public required string Name { get; init; }

    public required string Repository { get; init; }

    public required string Commit { get; init; }

    public required string File { get; init; }

    public required long Bytes { get; init; }

    public required string Sha256 { get; init; }

    public required string Licence { get; init; }

    public required string Use { get; init; }
}
