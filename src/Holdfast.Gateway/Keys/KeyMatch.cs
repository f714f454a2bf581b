namespace Holdfast.Gateway.Keys;

/// <summary>What a presented key turned out to be; <paramref name="Row"/> is null when none is like it.</summary>
internal readonly record struct KeyMatch(KeyRow? Row, bool IsRevoked);
