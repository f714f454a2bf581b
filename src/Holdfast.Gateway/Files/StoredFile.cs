namespace Holdfast.Gateway.Files;

/// <summary>An uploaded file.</summary>
internal sealed record StoredFile(string Id, string Name, string Purpose, long Bytes, DateTimeOffset CreatedAt);
