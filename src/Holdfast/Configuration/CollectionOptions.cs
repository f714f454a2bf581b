namespace Holdfast.Configuration;

/// <summary>A folder that is kept in a collection.</summary>
internal sealed record CollectionOptions
{
    /// <summary>Name on the wire: <c>[a-z0-9-]</c>. Empty: made from the folder's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The folder to read, relative to where Holdfast was started.</summary>
    public required string Folder { get; init; }
}
