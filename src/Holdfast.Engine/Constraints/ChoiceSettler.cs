namespace Holdfast.Engine.Constraints;

/// <summary>
/// Once all nodes are there: a choice of one becomes what it stands for, as references leave many, and the constants of a choice become
/// one branch, because they are one way to read the text together and each of them one alone.
/// </summary>
internal static class ChoiceSettler
{
    public static void Settle(List<SchemaNode?> nodes, int from, Func<IReadOnlyList<string>, int> addLiterals)
    {
        // From the end: what is referred to stands mostly behind, so that chains are short.
        for (var i = nodes.Count - 1; i >= from; i--)
        {
            // A circle of references ends nowhere and is refused later, by name.
            for (var links = nodes.Count; links > 0 && nodes[i] is SchemaNode.AnyOf { Nodes: [var only] } && !ReferenceEquals(nodes[i], nodes[only]); links--)
            {
                nodes[i] = nodes[only];
            }
        }

        // Nodes share what they stand for.
        var joined = new Dictionary<SchemaNode, SchemaNode>(ReferenceEqualityComparer.Instance);
        for (var i = nodes.Count - 1; i >= from; i--)
        {
            if (nodes[i] is SchemaNode.AnyOf choice)
            {
                nodes[i] = joined.TryGetValue(choice, out var known) ? known : joined[choice] = Join(nodes, choice, addLiterals);
            }
        }
    }

    private static SchemaNode Join(List<SchemaNode?> nodes, SchemaNode.AnyOf choice, Func<IReadOnlyList<string>, int> addLiterals)
    {
        var texts = choice.Nodes.Select(b => nodes[b]).OfType<SchemaNode.Literals>().ToList();
        if (texts.Count < 2)
        {
            return choice;
        }

        var all = addLiterals([.. texts.SelectMany(l => l.Texts).Distinct(StringComparer.Ordinal)]);
        var others = choice.Nodes.Where(b => nodes[b] is not SchemaNode.Literals).ToList();
        return others.Count > 0 ? new SchemaNode.AnyOf([.. others, all]) : nodes[all]!;
    }
}
