namespace Holdfast.Ingesting;

/// <summary>What a folder holds: the files to read, and what could not be looked into, each with its reason.</summary>
internal sealed record FolderListing(IReadOnlyList<FoundFile> Files, IReadOnlyList<(string Path, string Reason)> Unreadable);
