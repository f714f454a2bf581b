namespace Holdfast.Pulling;

/// <summary>What <c>pull</c> prints last.</summary>
internal sealed record PulledModel
{
    public required string Name { get; init; }

    public required string Path { get; init; }

    public required long Bytes { get; init; }

    public required string Sha256 { get; init; }

    public string? Licence { get; init; }
}
