namespace Holdfast.Engine.Constraints;

/// <summary>For each node how many containers deep its smallest value goes: the least solution, found by going round until nothing changes.</summary>
internal static class NodeNeeds
{
    private const int Never = 1_000_000;

    public static int[] Of(IReadOnlyList<SchemaNode> nodes)
    {
        var needs = new int[nodes.Count];
        Array.Fill(needs, Never);
        for (var hasChanged = true; hasChanged;)
        {
            hasChanged = false;
            for (var i = 0; i < needs.Length; i++)
            {
                var need = Math.Min(Never, Need(nodes[i], needs));
                hasChanged |= need < needs[i];
                needs[i] = Math.Min(needs[i], need);
            }
        }

        return needs;
    }

    private static int Need(SchemaNode node, int[] needs) => node switch
    {
        SchemaNode.ObjectOf inner => Inside(Enumerable.Range(0, inner.Values.Count).Where(inner.IsRequired).Select(i => needs[inner.Values[i]])),
        SchemaNode.ArrayOf array => array.CountMin == 0 ? 0 : Inside(Enumerable.Range(0, Math.Min(array.CountMin, array.First.Count + 1)).Select(i => needs[array.NodeAt(i)])),
        SchemaNode.AnyOf either => either.Nodes.Min(n => needs[n]),
        SchemaNode.Thinking thinking => needs[thinking.Inner],
        SchemaNode.Wrapped wrapped => 1 + needs[wrapped.Inner],
        _ => 0,
    };

    private static int Inside(IEnumerable<int> needs) => needs.DefaultIfEmpty(-1).Max() + 1;
}
