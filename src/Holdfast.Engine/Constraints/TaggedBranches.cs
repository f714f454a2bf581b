using System.Text.Json;

namespace Holdfast.Engine.Constraints;

/// <summary>
/// OpenAPI's "discriminator" names the member by which readers find the branch. Pydantic takes no object without it and does not call it
/// required where it has a default, so it is always written. Done when all nodes are there: a branch may refer to what it stands in.
/// </summary>
internal sealed class TaggedBranches(List<SchemaNode?> nodes, Func<SchemaNode?, int> add)
{
    private const int LinksMax = 20;

    private readonly List<(int Node, int Branch, string Tag)> _open = [];

    /// <summary>The branch of a choice, with its tag if the choice names one.</summary>
    public int Of(JsonElement choice, int branch)
    {
        if (!choice.TryGetProperty("discriminator", out var named) || named.ValueKind != JsonValueKind.Object || !named.TryGetProperty("propertyName", out var tag) || tag.ValueKind != JsonValueKind.String)
        {
            return branch;
        }

        var node = add(null);
        _open.Add((node, branch, tag.GetString()!));
        return node;
    }

    public void Run()
    {
        foreach (var (node, branch, tag) in _open)
        {
            var at = nodes[branch];
            for (var i = 0; i < LinksMax && at is SchemaNode.AnyOf { Nodes: [var only] }; i++)
            {
                at = nodes[only];
            }

            nodes[node] = (at as SchemaNode.ObjectOf)?.Requiring(tag) ?? (SchemaNode)new SchemaNode.AnyOf([branch]);
        }
    }
}
