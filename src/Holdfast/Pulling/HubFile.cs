namespace Holdfast.Pulling;

/// <summary>A file of a repository as the hub lists it.</summary>
/// <param name="Path">Path inside the repository, with <c>/</c>; strangers wrote it.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its digest, lower case; null where the hub states none.</param>
internal sealed record HubFile(string Path, long Bytes, string? Sha256);
