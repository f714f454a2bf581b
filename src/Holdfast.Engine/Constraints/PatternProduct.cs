namespace Holdfast.Engine.Constraints;

/// <summary>
/// Two automata read side by side: what both take, or what the first takes and the second does not. The second stands at
/// <see cref="Dead"/> where it can no longer take anything.
/// </summary>
internal static class PatternProduct
{
    private const int Dead = -1;

    /// <summary>Null where nothing is taken by both.</summary>
    public static PatternAutomaton? OfBoth(PatternAutomaton one, PatternAutomaton other, Action<long> spend) => Of(one, other, isWithout: false, spend);

    /// <summary>Null where the second takes all that the first takes.</summary>
    public static PatternAutomaton? Without(PatternAutomaton one, PatternAutomaton other, Action<long> spend) => Of(one, other, isWithout: true, spend);

    private static PatternAutomaton? Of(PatternAutomaton one, PatternAutomaton other, bool isWithout, Action<long> spend)
    {
        var pairs = new List<(int One, int Other)>();
        var ids = new Dictionary<(int, int), int>();
        var table = new List<List<(int Low, int High, int Target)>>();
        IdOf(0, 0);
        for (var i = 0; i < pairs.Count; i++)
        {
            var edges = new List<(int Low, int High, int Target)>();
            foreach (var edge in one.EdgesFrom(pairs[i].One))
            {
                foreach (var (low, high, target) in Pieces(edge.Low, edge.High, pairs[i].Other == Dead ? [] : other.EdgesFrom(pairs[i].Other)))
                {
                    spend(1);
                    if (isWithout || target != Dead)
                    {
                        edges.Add((low, high, IdOf(edge.Target, target)));
                    }
                }
            }

            table.Add(edges);
        }

        return PatternCompiler.Trim(table, [.. pairs.Select(p => one.IsAccepting(p.One) && (p.Other != Dead && other.IsAccepting(p.Other)) != isWithout)]);

        int IdOf(int first, int second)
        {
            if (!ids.TryGetValue((first, second), out var id))
            {
                id = ids[(first, second)] = pairs.Count < PatternCompiler.StatesMax ? pairs.Count : throw new SchemaFault($"'pattern', with what it must or must not be besides, needs more than {PatternCompiler.StatesMax} states");
                pairs.Add((first, second));
                spend(PatternCompiler.StateWork);
            }

            return id;
        }
    }

    // A range cut at the borders of edges, which are in rising order.
    private static IEnumerable<(int Low, int High, int Target)> Pieces(int low, int high, IReadOnlyList<(int Low, int High, int Target)> edges)
    {
        var from = low;
        foreach (var edge in edges.Where(e => e.Low <= high && e.High >= low))
        {
            if (edge.Low > from)
            {
                yield return (from, edge.Low - 1, Dead);
            }

            yield return (Math.Max(edge.Low, low), Math.Min(edge.High, high), edge.Target);
            from = edge.High + 1;
        }

        if (from <= high)
        {
            yield return (from, high, Dead);
        }
    }
}
