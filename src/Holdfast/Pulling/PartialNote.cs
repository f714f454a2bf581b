namespace Holdfast.Pulling;

/// <summary>What an unfinished file is going to be. It lies beside the file, so that a later pull knows whether it may go on.</summary>
internal sealed record PartialNote
{
    /// <summary>Repository and file.</summary>
    public required string Source { get; init; }

    public required long Bytes { get; init; }

    public required string Sha256 { get; init; }

    /// <summary>The strong entity tag of the server that sent the beginning, for If-Range.</summary>
    public string? Tag { get; init; }
}
