namespace Holdfast.Engine.Constraints;

/// <summary>A compiled schema: its nodes, the first of them the whole value.</summary>
/// <param name="Nodes">All nodes.</param>
/// <param name="Root">The number of the node of the whole.</param>
/// <param name="Needs">For each node how many containers its smallest value goes deep.</param>
internal sealed record ConstraintGrammar(IReadOnlyList<SchemaNode> Nodes, int Root, IReadOnlyList<int> Needs)
{
    /// <summary>Containers inside each other at most; at the bound the optional ones are no longer offered, so a value can always end.</summary>
    public const int DepthMax = 64;

    /// <summary>A careful guess at what this holds: a cache that keeps it counts it.</summary>
    public long HeldBytes { get; } = Nodes.Sum(n => 200L + n switch
    {
        SchemaNode.ObjectOf inner => (inner.Keys.Nodes * 120L) + (inner.Values.Count * 8L),
        SchemaNode.Literals literals => literals.Trie.Nodes * 120L,
        SchemaNode.Text { Pattern: { } pattern } => pattern.Edges * 16L,
        _ => 0,
    });

    /// <summary>A string without a pattern, which stands for all of them where only room and place differ; -1 without one.</summary>
    public int PlainText { get; } = Nodes.ToList().FindIndex(n => n is SchemaNode.Text { Pattern: null });

    public bool Fits(Frame? parent, int node) => (parent?.Depth ?? 0) + Needs[node] <= DepthMax;
}
