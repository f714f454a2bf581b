namespace Holdfast.Gateway.Wire;

/// <summary>Where one member of a JSON object stands in its bytes: the name with its quotes, and the value.</summary>
internal readonly record struct MemberSpan(int NameStart, int NameLength, int ValueStart, int ValueEnd)
{
    /// <summary>True when the name is <paramref name="name"/>; an escaped spelling of it counts, so that none slips past an edit.</summary>
    public bool Is(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var raw = json.Slice(NameStart + 1, NameLength - 2);
        return raw.Contains((byte)'\\') ? JsonSplice.Unescape(json.Slice(NameStart, NameLength)).AsSpan().SequenceEqual(name) : raw.SequenceEqual(name);
    }
}
