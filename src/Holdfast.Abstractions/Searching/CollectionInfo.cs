namespace Holdfast.Abstractions.Searching;

/// <summary>One collection of documents, with what it holds now.</summary>
/// <param name="Name">Its id on the wire.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Documents">Documents that can be found.</param>
/// <param name="Quarantined">Documents that were refused, with a reason each.</param>
/// <param name="Passages">Passages that can be found.</param>
/// <param name="TextBytes">UTF-8 bytes of the extracted texts.</param>
public sealed record CollectionInfo(string Name, DateTimeOffset CreatedAt, int Documents, int Quarantined, int Passages, long TextBytes);
