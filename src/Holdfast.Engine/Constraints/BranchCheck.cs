using System.Text.Json;

namespace Holdfast.Engine.Constraints;

/// <summary>
/// "oneOf" is "anyOf" where nothing that is written for one branch is valid under another: other types, other constants, ranges of numbers
/// apart, a member that is never written and the other requires, or one that is there by either branch and whose values tell them apart.
/// What is written is read off the nodes, and what is valid off the schema: an object gets no member that its branch does not name, though
/// the branch may allow it. Checked when all nodes are there, because a branch may refer to what it stands in.
/// </summary>
internal sealed class BranchCheck(IReadOnlyList<SchemaNode?> nodes, BranchWork work)
{
    // Steps through references and choices; a member takes some at once.
    private const int DepthMax = 16;
    private const int MemberDepth = 4;

    private const int LiteralDepthMax = 1024;

    private readonly List<(string Place, IReadOnlyList<Branch> Branches)> _open = [];
    private readonly Dictionary<int, SchemaNode[]> _leaves = [];
    private readonly Dictionary<object, (JsonTypes Types, HashSet<string> Keys)> _constants = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<object, (HashSet<string> Names, int[] Order)> _members = new(ReferenceEqualityComparer.Instance);
    private string _place = "#";

    /// <summary>A branch by its place in the list: what is written for it, and what it says.</summary>
    public readonly record struct Branch(int Index, int Node, BranchClaim Claim);

    public void Add(string place, IReadOnlyList<Branch> branches) => _open.Add((place, branches));

    /// <summary>Throws <see cref="SchemaFault"/>.</summary>
    public void Run()
    {
        foreach (var (place, branches) in _open)
        {
            _place = place;
            for (var i = 0; i < branches.Count; i++)
            {
                for (var k = i + 1; k < branches.Count; k++)
                {
                    if (!ExcludesAll(branches[k].Claim, branches[i].Node, DepthMax) || !ExcludesAll(branches[i].Claim, branches[k].Node, DepthMax))
                    {
                        throw new SchemaFault($"{place}: 'oneOf' is enforced only where the branches exclude each other; {branches[i].Index} and {branches[k].Index} may not (use 'anyOf')");
                    }
                }
            }
        }
    }

    private bool ExcludesAll(BranchClaim claim, int node, int depth) => Array.TrueForAll(Leaves(node), leaf => Excludes(claim, leaf, depth));

    private bool Excludes(BranchClaim claim, SchemaNode leaf, int depth)
    {
        Spend(1);
        if (depth <= 0)
        {
            return false;
        }

        return (claim.Types & TypesOf(leaf)) == JsonTypes.None
            || leaf switch
            {
                SchemaNode.Literals literals => claim.Constants is { } constants && AreApart(constants, ConstantsOf(literals).Keys),
                SchemaNode.Number number => claim.Excludes(number.Range),
                SchemaNode.ObjectOf members => ExcludesObject(claim, members, depth),
                _ => false,
            }
            || Array.Exists(claim.Choices, choice => choice.All(branch => Excludes(branch, leaf, depth - 1)));
    }

    private bool ExcludesObject(BranchClaim claim, SchemaNode.ObjectOf written, int depth)
    {
        var (names, order) = MembersOf(written);
        Spend(claim.Required.Count);
        if (written.More < 0 && !claim.Required.IsSubsetOf(names))
        {
            return true;
        }

        foreach (var member in order)
        {
            Spend(1);
            var name = written.Names[member];
            if ((written.IsRequired(member) || claim.Required.Contains(name)) && claim.Member(name) is { } inner && ExcludesAll(inner, written.Values[member], depth - MemberDepth))
            {
                return true;
            }
        }

        return false;
    }

    private bool AreApart(HashSet<string> left, HashSet<string> right)
    {
        var (few, many) = left.Count < right.Count ? (left, right) : (right, left);
        Spend(few.Count);
        return !many.Overlaps(few);
    }

    private JsonTypes TypesOf(SchemaNode leaf) => leaf switch
    {
        SchemaNode.Text => JsonTypes.Text,
        SchemaNode.Number number => number.Range.IsWhole ? JsonTypes.Whole : JsonTypes.Number,
        SchemaNode.ObjectOf => JsonTypes.Object,
        SchemaNode.ArrayOf => JsonTypes.Array,
        SchemaNode.Literals literals => ConstantsOf(literals).Types,
        _ => JsonTypes.All,
    };

    // What a node may begin with, without the choices on the way.
    private SchemaNode[] Leaves(int node)
    {
        if (_leaves.TryGetValue(node, out var known))
        {
            return known;
        }

        var seen = new HashSet<int> { node };
        var leaves = new List<SchemaNode>();
        var open = new Stack<int>([node]);
        while (open.TryPop(out var at))
        {
            Spend(1);
            if (nodes[at] is not SchemaNode.AnyOf choice)
            {
                leaves.Add(nodes[at]!);
                continue;
            }

            foreach (var branch in choice.Nodes.Where(seen.Add))
            {
                open.Push(branch);
            }
        }

        return _leaves[node] = [.. leaves];
    }

    private (JsonTypes Types, HashSet<string> Keys) ConstantsOf(SchemaNode.Literals literals)
    {
        if (_constants.TryGetValue(literals, out var known))
        {
            return known;
        }

        Spend(literals.Texts.Sum(t => (long)t.Length));
        var (types, keys) = (JsonTypes.None, new HashSet<string>(StringComparer.Ordinal));
        foreach (var text in literals.Texts)
        {
            using var value = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = LiteralDepthMax });
            types |= JsonValues.TypesOf(value.RootElement);
            keys.Add(JsonValues.Key(value.RootElement));
        }

        return _constants[literals] = (types, keys);
    }

    // Members of few constants first: one of them is the tag, if there is one.
    private (HashSet<string> Names, int[] Order) MembersOf(SchemaNode.ObjectOf written)
    {
        if (!_members.TryGetValue(written, out var known))
        {
            var order = Enumerable.Range(0, written.Names.Count).OrderBy(m => Leaves(written.Values[m]).Sum(leaf => leaf is SchemaNode.Literals some ? some.Texts.Count : int.MaxValue / 2L)).ToArray();
            known = _members[written] = (written.Names.ToHashSet(StringComparer.Ordinal), order);
        }

        return known;
    }

    private void Spend(long looks) => work.Spend(_place, looks);
}
