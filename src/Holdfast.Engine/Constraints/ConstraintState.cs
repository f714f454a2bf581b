namespace Holdfast.Engine.Constraints;

/// <summary>
/// Where a constrained text stands: immutable, compared by content, a few dozen bytes. While the model is still thinking,
/// <see cref="ThinkingMatched"/> counts the bytes of the closing tag that the text ends with; afterwards it is -1.
/// </summary>
internal sealed class ConstraintState : IEquatable<ConstraintState>
{
    private readonly Config[] _configs;
    private readonly int _hash;

    public ConstraintState(ReadOnlySpan<Config> configs, int thinkingMatched = -1, bool isEnded = false)
    {
        _configs = configs.ToArray();
        ThinkingMatched = thinkingMatched;
        IsEnded = isEnded;
        var hash = new HashCode();
        hash.Add(thinkingMatched);
        foreach (var config in _configs)
        {
            hash.Add(config);
        }

        _hash = hash.ToHashCode();
    }

    public ReadOnlySpan<Config> Configs => _configs;

    public int ThinkingMatched { get; }

    /// <summary>An end token was taken: nothing may follow.</summary>
    public bool IsEnded { get; }

    public bool Equals(ConstraintState? other) =>
        other is not null && _hash == other._hash && ThinkingMatched == other.ThinkingMatched && IsEnded == other.IsEnded && Configs.SequenceEqual(other.Configs);

    public override bool Equals(object? obj) => Equals(obj as ConstraintState);

    public override int GetHashCode() => _hash;
}
