namespace Holdfast.Engine.Constraints;

/// <summary>Where a constrained text stands: immutable, compared by content, a few dozen bytes.</summary>
internal sealed class ConstraintState : IEquatable<ConstraintState>
{
    private readonly Config[] _configs;
    private readonly int _hash;

    public ConstraintState(ReadOnlySpan<Config> configs, bool isEnded = false)
    {
        _configs = configs.ToArray();
        IsEnded = isEnded;
        var hash = new HashCode();
        foreach (var config in _configs)
        {
            hash.Add(config);
        }

        _hash = hash.ToHashCode();
    }

    public ReadOnlySpan<Config> Configs => _configs;

    /// <summary>An end token was taken: nothing may follow.</summary>
    public bool IsEnded { get; }

    public bool Equals(ConstraintState? other) =>
        other is not null && _hash == other._hash && IsEnded == other.IsEnded && Configs.SequenceEqual(other.Configs);

    public override bool Equals(object? obj) => Equals(obj as ConstraintState);

    public override int GetHashCode() => _hash;
}
