namespace Holdfast.Gateway.Keys;

/// <summary>A key as listed. The key itself is nowhere: only its hash is kept.</summary>
/// <param name="Id">For revoking.</param>
/// <param name="Name">As given when it was made.</param>
/// <param name="Role">What it opens.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="RevokedAt">When it stopped opening anything; null while it does.</param>
public sealed record KeyRow(string Id, string Name, KeyRole Role, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);
