namespace Holdfast.Engine.Constraints;

/// <summary>
/// Counts in how many ways at once the first bytes of a value may be read. Too many would not fit a <see cref="ConfigSet"/>, and a
/// choice that contains itself has no end: both are refused.
/// </summary>
internal static class NodeWidths
{
    private const int WidthMax = ConfigSet.CountMax / 2;
    private const int DepthMax = 200;

    public static void Check(IReadOnlyList<SchemaNode> nodes)
    {
        var widths = new int[nodes.Count];
        for (var i = 0; i < nodes.Count; i++)
        {
            Width(i, 0);
        }

        int Width(int node, int depth)
        {
            if (widths[node] == 0)
            {
                if (depth > DepthMax)
                {
                    throw new SchemaFault("the schema has a choice that contains itself");
                }

                widths[node] = nodes[node] switch
                {
                    SchemaNode.AnyOf either => either.Nodes.Sum(n => Width(n, depth + 1)),
                    SchemaNode.Wrapped wrapped => 1 + Width(wrapped.Inner, depth + 1),
                    SchemaNode.ObjectOf { More: >= 0 } => 2,
                    _ => 1,
                };
            }

            return widths[node] <= WidthMax ? widths[node] : throw new SchemaFault($"the schema has a choice of more than {WidthMax} branches");
        }
    }
}
