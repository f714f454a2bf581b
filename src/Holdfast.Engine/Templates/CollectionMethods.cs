namespace Holdfast.Engine.Templates;

/// <summary>The methods of mappings and lists that templates call.</summary>
internal static class CollectionMethods
{
    public static readonly string[] MapNames = ["get", "items", "keys", "values", "update", "pop", "setdefault", "copy"];

    public static readonly string[] ListNames = ["append", "pop", "extend", "insert", "index", "count", "reverse", "copy"];

    public static object? Call(TemplateMap map, string name, CallArguments arguments, RenderBudget budget)
    {
        var key = Values.Key(arguments.Get(0, "key"), budget);
        switch (name)
        {
            case "get":
                return map.TryGet(key, out var found) ? found : arguments.Get(1, "default");
            case "items":
                return Pairs(map, budget);
            case "keys":
                return Values.Items(map, budget).ToList();
            case "values":
                budget.Items(map.Count);
                return map.Entries.Select(e => e.Value).ToList();
            case "copy":
                budget.Items(map.Count);
                return Copy(map);
            case "update":
                Update(map, arguments, budget);
                return null;
            case "pop":
                // Those behind it move up.
                budget.Characters(map.Count);
                var taken = map.TryGet(key, out var value) ? value
                    : arguments.Has(1, "default") ? arguments.Get(1, "default") : throw new RenderFault("pop: the key is not in the mapping");
                map.Remove(key);
                return taken;
            case "setdefault":
                if (map.TryGet(key, out var kept))
                {
                    return kept;
                }

                map.Set(key, arguments.Get(1, "default"));
                return arguments.Get(1, "default");
            default:
                throw new RenderFault($"a mapping has no method '{name}'");
        }
    }

    public static List<object?> Pairs(TemplateMap map, RenderBudget budget)
    {
        budget.Items(map.Count);
        return map.Entries.Select(object? (e) => new TemplateTuple([e.Key, e.Value])).ToList();
    }

    public static object? Call(List<object?> list, string name, CallArguments arguments, RenderBudget budget)
    {
        // Most of them move or copy the items behind a place.
        budget.Characters(name == "append" ? 0 : list.Count);
        switch (name)
        {
            case "append":
                list.Add(arguments.Get(0, "item"));
                return null;
            case "extend":
                list.AddRange(Values.Items(arguments.Get(0, "items"), budget).ToList());
                return null;
            case "insert":
                list.Insert(Math.Clamp(arguments.Whole(0, "index", 0), 0, list.Count), arguments.Get(1, "item"));
                return null;
            case "pop":
                var place = arguments.Whole(0, "index", -1);
                place += place < 0 ? list.Count : 0;
                var item = place >= 0 && place < list.Count ? list[place] : throw new RenderFault("pop from a list that has no such place");
                list.RemoveAt(place);
                return item;
            case "index":
                var at = list.FindIndex(i => Values.AreEqual(i, arguments.Get(0, "item"), budget));
                return at < 0 ? throw new RenderFault("index: the item is not in the list") : (long)at;
            case "count":
                return (long)list.Count(i => Values.AreEqual(i, arguments.Get(0, "item"), budget));
            case "reverse":
                list.Reverse();
                return null;
            case "copy":
                budget.Items(list.Count);
                return list.ToList();
            default:
                throw new RenderFault($"a list has no method '{name}'");
        }
    }

    private static TemplateMap Copy(TemplateMap map)
    {
        var copy = new TemplateMap();
        foreach (var (key, value) in map.Entries)
        {
            copy.Set(key, value);
        }

        return copy;
    }

    private static void Update(TemplateMap map, CallArguments arguments, RenderBudget budget)
    {
        if (arguments.Get(0, "other") is TemplateMap other)
        {
            budget.Items(other.Count);
            foreach (var (key, value) in other.Entries.ToList())
            {
                map.Set(key, value);
            }
        }

        foreach (var (name, value) in arguments.Named)
        {
            map.Set(name, value);
        }
    }
}
