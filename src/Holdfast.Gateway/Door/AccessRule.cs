using Holdfast.Gateway.Keys;

namespace Holdfast.Gateway.Door;

/// <summary>What a path asks of a caller, and what is written down of it.</summary>
/// <param name="Pattern">A path, or all paths below one when it ends in <c>/*</c>.</param>
/// <param name="Role">The least role; null: open to all.</param>
/// <param name="BodyBytesMax">Bytes of a body.</param>
/// <param name="BodyOption">The option that sets them, where one does.</param>
/// <param name="Keeps">How it is recorded.</param>
internal sealed record AccessRule(string Pattern, KeyRole? Role, long BodyBytesMax, string? BodyOption, RecordKind Keeps)
{
    /// <summary>Bytes of a body that stand in memory while it is read; what is longer lies in a file.</summary>
    public long BodyHeldMax { get; init; } = BodyBytesMax;
}
