namespace Holdfast.Gateway.Keys;

/// <summary>A new key, shown this once.</summary>
public sealed record CreatedKey(KeyRow Row, string Key);
