namespace Holdfast.Engine.Constraints;

/// <summary>What waits for a value to end: a container and the place in it. Immutable and shared, so a state is a few words.</summary>
internal sealed class Frame(Frame? parent, int node, int place) : IEquatable<Frame>
{
    private readonly int _hash = HashCode.Combine(parent, node, place);

    public Frame? Parent { get; } = parent;

    public int Node { get; } = node;

    public int Place { get; } = place;

    public int Depth { get; } = (parent?.Depth ?? 0) + 1;

    public bool Equals(Frame? other)
    {
        var (own, its) = (this, other);
        while (!ReferenceEquals(own, its))
        {
            if (own is null || its is null || own._hash != its._hash || own.Node != its.Node || own.Place != its.Place)
            {
                return false;
            }

            (own, its) = (own.Parent, its.Parent);
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as Frame);

    public override int GetHashCode() => _hash;
}
