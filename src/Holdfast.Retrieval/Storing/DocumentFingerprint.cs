namespace Holdfast.Retrieval.Storing;

/// <summary>What the store knows of a file, for deciding whether it must be read again.</summary>
/// <param name="Path">Path relative to the folder, with <c>/</c>.</param>
/// <param name="Id">Id of the document.</param>
/// <param name="ContentHash">SHA-256 of the file, in lower-case hex.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="ModifiedTicks">Last write of the file, in ticks of UTC.</param>
/// <param name="IsQuarantined">It was refused.</param>
public sealed record DocumentFingerprint(string Path, string Id, string ContentHash, long Bytes, long ModifiedTicks, bool IsQuarantined);
