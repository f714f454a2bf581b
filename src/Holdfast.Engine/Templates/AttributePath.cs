using System.Globalization;

namespace Holdfast.Engine.Templates;

/// <summary>The argument <c>attribute</c> of a filter: a name, several with dots between, or a place in a list. Without one an item is itself.</summary>
internal sealed class AttributePath
{
    private readonly object[] _parts;
    private readonly RenderBudget _budget;

    public AttributePath(object? path, RenderBudget budget)
    {
        _budget = budget;
        _parts = path switch
        {
            null => [],
            long place => [place],
            SpanString name => [.. name.Text.Split('.').Select(Part)],
            _ => throw new RenderFault($"{Values.NameOf(path)} is not an attribute"),
        };
        budget.Items(_parts.Length);
    }

    /// <summary>What stands for a missing member; null: it stays undefined.</summary>
    public object? Default { get; init; }

    /// <summary>The paths of a sort: with commas between, the next decides where those before are equal.</summary>
    public static IReadOnlyList<AttributePath> Several(object? paths, RenderBudget budget) =>
        paths is SpanString names ? [.. names.Text.Split(',').Select(n => new AttributePath(SpanString.Template(n), budget))] : [new AttributePath(paths, budget)];

    public object? Of(object? item)
    {
        foreach (var part in _parts)
        {
            _budget.Step();
            item = (item, part) switch
            {
                (Undefined missing, _) => throw new RenderFault($"'{missing.Name}' is undefined and has no '{part}'"),
                (TemplateMap map, string name) => map.TryGet(name, out var value) ? value : new Undefined(name),
                (TemplateMap map, _) => map.TryGet(part, out var value) ? value : new Undefined($"{part}"),
                (List<object?> list, long place) when place < list.Count => list[(int)place],
                _ => new Undefined($"{part}"),
            };
            item = item is Undefined && Default is not null ? Default : item;
        }

        return item;
    }

    private static object Part(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place : text;
}
