namespace Holdfast.Pulling;

/// <summary>What the hub says of a repository at one commit.</summary>
internal sealed record HubRepository(string Name, string Commit, string? Licence, IReadOnlyList<HubFile> Files);
