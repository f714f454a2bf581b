using System.Runtime.InteropServices;

namespace Holdfast.Engine.Constraints;

/// <summary>
/// Counts in how many ways at once a text can be read, whatever it is: each way costs the engine's thread a walk at every token, so a
/// schema with too many is refused before anything is generated. What begins at one place is followed through the containers: of
/// several objects those stay that can have the member just written, and where a member or item is one of some constants, those that
/// can have its value. So branches that a tag tells apart are counted one by one, and those that nothing tells apart multiply with
/// every container inside. Counts too many rather than too few.
/// </summary>
internal sealed class NodeWidths
{
    /// <summary>
    /// What all ways at one place may cost together, in thousands of bytes tried (25 to 40 us on a shared core of an AMD EPYC): as much as
    /// the widest pattern alone. A mask that is not cached holds the engine's thread for so long, 10 to 15 ms.
    /// </summary>
    public const int CostMax = 400;

    private const int WorkMax = 500_000;
    private const int DepthMax = 200;

    // A member that no schema of the group names.
    private const string FreeKey = "";

    private readonly IReadOnlyList<SchemaNode> _nodes;
    private readonly Dictionary<int, Dictionary<int, int>> _leaves = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Queue<List<Reader>> _open = new();
    private int _work;

    private NodeWidths(IReadOnlyList<SchemaNode> nodes) => _nodes = nodes;

    /// <summary>Throws <see cref="SchemaFault"/>.</summary>
    public static void Check(IReadOnlyList<SchemaNode> nodes, int root)
    {
        var widths = new NodeWidths(nodes);
        widths.Begin([new Reader(root, 0, 1)]);
        while (widths._open.TryDequeue(out var group))
        {
            if (group is [var only])
            {
                foreach (var inner in widths.Inside(only.Node))
                {
                    widths.Begin([new Reader(inner, 0, only.Ways)]);
                }
            }
            else
            {
                widths.Follow(group);
            }
        }
    }

    /// <summary>What reads one value, or one container from a place of its own on, in so many ways.</summary>
    private readonly record struct Reader(int Node, int Place, int Ways);

    /// <summary>One reader, the value it would read next, and where it stands behind that.</summary>
    private readonly record struct Reading(Reader By, int Value, int NextPlace);

    private void Begin(IReadOnlyList<Reader> values)
    {
        var leaves = new Dictionary<int, int>();
        foreach (var value in values)
        {
            foreach (var (leaf, ways) in LeavesOf(value.Node, 0))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(leaves, leaf, out _) += ways * value.Ways;
            }
        }

        // Only what begins with the same byte is read side by side.
        var costs = leaves.GroupBy(l => FirstOf(_nodes[l.Key])).ToDictionary(g => g.Key, g => g.Sum(l => (long)l.Value * CostOf(_nodes[l.Key])));
        var most = costs.Where(c => c.Key != typeof(SchemaNode.Literals)).Select(c => c.Value).DefaultIfEmpty().Max() + costs.GetValueOrDefault(typeof(SchemaNode.Literals));
        if (most > CostMax)
        {
            throw new SchemaFault($"the schema can be read in too many ways at once ({leaves.Values.Sum()} at one place, which costs {most} of {CostMax}): put a member with a constant that tells the branches of a choice apart first, or use fewer of them");
        }

        foreach (var kind in leaves.Where(l => _nodes[l.Key] is SchemaNode.ObjectOf or SchemaNode.ArrayOf).GroupBy(l => FirstOf(_nodes[l.Key])))
        {
            Open([.. kind.Select(l => new Reader(l.Key, 0, l.Value))]);
        }
    }

    private void Open(List<Reader> group)
    {
        group.Sort((a, b) => a.Node.CompareTo(b.Node));
        if (_seen.Add(string.Join(' ', group.Select(r => group.Count == 1 ? $"{r.Node}*{r.Ways}" : $"{r.Node}@{r.Place}*{r.Ways}"))))
        {
            _open.Enqueue(group);
        }
    }

    private void Follow(List<Reader> group)
    {
        var byKey = new Dictionary<string, List<Reading>>(StringComparer.Ordinal);
        foreach (var reader in group)
        {
            foreach (var (key, value, next) in Members(reader))
            {
                (CollectionsMarshal.GetValueRefOrAddDefault(byKey, key, out _) ??= []).Add(new Reading(reader, value, next));
            }
        }

        // Whoever takes free members takes those too that only the others name.
        foreach (var reading in byKey.GetValueOrDefault(FreeKey) ?? [])
        {
            var own = ((SchemaNode.ObjectOf)_nodes[reading.By.Node]).Names;
            foreach (var (_, readings) in byKey.Where(k => k.Key != FreeKey && !own.Contains(k.Key)))
            {
                readings.Add(reading);
            }
        }

        foreach (var readings in byKey.Values)
        {
            Spend(readings.Count);
            Begin([.. readings.Select(r => new Reader(r.Value, 0, r.By.Ways))]);
            Narrow(readings);
        }
    }

    // Who is left behind a value: all that do not ask for constants, with those that can have this one.
    private void Narrow(List<Reading> readings)
    {
        var byText = new Dictionary<string, List<Reading>>(StringComparer.Ordinal);
        var free = new List<Reading>();
        foreach (var reading in readings)
        {
            var leaves = LeavesOf(reading.Value, 0).Keys.Select(l => _nodes[l]).ToList();
            if (!leaves.TrueForAll(l => l is SchemaNode.Literals))
            {
                free.Add(reading);
                continue;
            }

            foreach (var text in leaves.SelectMany(l => ((SchemaNode.Literals)l).Texts).Distinct(StringComparer.Ordinal))
            {
                (CollectionsMarshal.GetValueRefOrAddDefault(byText, text, out _) ??= []).Add(reading);
            }
        }

        foreach (var left in byText.Values.Select(some => some.Concat(free)).Append(free))
        {
            var group = left.Select(r => r.By with { Place = r.NextPlace }).ToList();
            Spend(group.Count);
            if (group.Count > 0)
            {
                Open(group);
            }
        }
    }

    private IEnumerable<(string Key, int Value, int NextPlace)> Members(Reader reader)
    {
        if (_nodes[reader.Node] is SchemaNode.ArrayOf array)
        {
            // Behind the items that have a schema of their own all are alike.
            return reader.Place < array.CountMax ? [("item", array.NodeAt(reader.Place), Math.Min(reader.Place + 1, array.First.Count))] : [];
        }

        var inner = (SchemaNode.ObjectOf)_nodes[reader.Node];
        var last = Math.Min(inner.RequiredFrom[reader.Place], inner.Values.Count - 1);
        var known = Enumerable.Range(reader.Place, last + 1 - reader.Place).Select(i => (inner.Names[i], inner.Values[i], i + 1));
        return inner.More >= 0 && inner.MayEnd(reader.Place) ? known.Append((FreeKey, inner.More, inner.Values.Count)) : known;
    }

    private IEnumerable<int> Inside(int node) => _nodes[node] switch
    {
        SchemaNode.ObjectOf inner => inner.More >= 0 ? inner.Values.Append(inner.More) : inner.Values,
        SchemaNode.ArrayOf array => array.Item >= 0 ? array.First.Append(array.Item) : array.First,
        _ => [],
    };

    // The kinds of value that a node's choices come down to, and in how many ways each.
    private Dictionary<int, int> LeavesOf(int node, int depth)
    {
        if (_leaves.TryGetValue(node, out var known))
        {
            return known;
        }

        if (depth > DepthMax)
        {
            throw new SchemaFault("the schema has a choice that contains itself");
        }

        IReadOnlyList<int>? choices = _nodes[node] switch
        {
            SchemaNode.AnyOf either => either.Nodes,
            SchemaNode.Wrapped wrapped => [wrapped.Inner],
            SchemaNode.Thinking thinking => [thinking.Inner],
            _ => null,
        };
        var leaves = new Dictionary<int, int>();
        if (choices is null)
        {
            leaves[node] = 1;
        }

        foreach (var (leaf, ways) in (choices ?? []).SelectMany(c => LeavesOf(c, depth + 1)))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(leaves, leaf, out _) += ways;
        }

        return leaves.Values.Sum() <= CostMax ? _leaves[node] = leaves : throw new SchemaFault($"the schema has a choice of more than {CostMax} branches");
    }

    private static Type FirstOf(SchemaNode node) => node.GetType();

    // Measured on the 151,936 tokens of Qwen2: 200 to 1,100 bytes tried for all but patterns, twice that where a key may be known or not.
    private static int CostOf(SchemaNode node) => node switch
    {
        SchemaNode.Text { Pattern: { } pattern } => 1 + pattern.WalkCost,
        SchemaNode.ObjectOf { More: >= 0 } => 2,
        _ => 1,
    };

    private void Spend(int work)
    {
        _work += work;
        if (_work > WorkMax)
        {
            throw new SchemaFault("the schema's choices are too many to follow, one inside the other: put a member with a constant that tells the branches apart first, or use fewer of them");
        }
    }
}
