namespace Holdfast.Engine.Constraints;

/// <summary>One way to read the bytes so far. Several live side by side where a schema leaves it open.</summary>
internal readonly record struct Config(Frame? Parent, int Node, Phase Phase, int A = 0, int B = 0, Int128 V = default)
{
    /// <summary>Sets of configurations are filled for every byte that is tried: the frame has its own hash ready, and the rest is a few multiplications.</summary>
    public override int GetHashCode()
    {
        var hash = (ulong)(uint)(Parent?.GetHashCode() ?? 0);
        hash = (hash ^ (uint)Node) * 0x9E3779B97F4A7C15;
        hash = (hash ^ (uint)A ^ ((ulong)Phase << 32)) * 0x9E3779B97F4A7C15;
        hash = (hash ^ (uint)B ^ (ulong)(V >> 64)) * 0x9E3779B97F4A7C15;
        hash = (hash ^ (hash >> 29) ^ (ulong)V) * 0x9E3779B97F4A7C15;
        return (int)(hash >> 32);
    }
}
