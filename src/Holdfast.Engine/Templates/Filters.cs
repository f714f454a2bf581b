using System.Globalization;
using System.Numerics;

namespace Holdfast.Engine.Templates;

/// <summary>What may stand after "|".</summary>
internal static class Filters
{
    public static readonly string[] Names =
    [
        "tojson", "length", "count", "trim", "string", "default", "d", "join", "items", "upper", "lower", "safe", "dictsort", "list", "replace",
        "selectattr", "rejectattr", "select", "reject", "map", "indent", "first", "last", "int", "float", "abs", "sort", "unique", "reverse", "title",
        "capitalize", "from_json", "min", "max", "sum",
    ];

    public static object? Apply(string name, object? value, CallArguments arguments)
    {
        switch (name)
        {
            case "tojson":
                return JsonText.Of(value, arguments);
            case "from_json":
                return JsonValues.Parse(PythonText.Of(value).Text);
            case "length" or "count":
                return Values.LengthOf(value);
            case "default" or "d":
                var isMissing = value is Undefined || (Values.IsTrue(arguments.Get(1, "boolean", false)) && !Values.IsTrue(value));
                return isMissing ? arguments.Get(0, "default_value", SpanString.Empty) : value;
            case "trim":
                return SpanOps.Strip(PythonText.Of(value), (arguments.Get(0, "chars") as SpanString)?.Text, atStart: true, atEnd: true);
            case "string" or "safe":
                return PythonText.Of(value);
            case "title":
                return SpanOps.Title(PythonText.Of(value), static before => char.IsWhiteSpace(before) || "-([{<".Contains(before));
            case "upper" or "lower" or "capitalize" or "replace":
                return TextMethods.Call(PythonText.Of(value), name, arguments);
            case "indent":
                return Indent(PythonText.Of(value), arguments);
            case "int":
                return arguments.Get(1, "base", 10L) is 10L ? ToWhole(value, arguments.Get(0, "default", 0L)) : throw new RenderFault("int with another base than 10 is not supported");
            case "float":
                return ToNumber(value, arguments.Get(0, "default", 0.0));
            case "abs":
                return value is double number ? Math.Abs(number) : Values.Shrink(BigInteger.Abs(Values.ToBig(value ?? 0L)));
            default:
                return ApplyToItems(name, value, arguments);
        }
    }

    private static object? ApplyToItems(string name, object? value, CallArguments arguments)
    {
        switch (name)
        {
            case "items":
                return value is Undefined ? new List<object?>() : CollectionMethods.Pairs(value as TemplateMap ?? throw new RenderFault($"{Values.NameOf(value)} has no items"));
            case "join":
                return TextMethods.Join(PythonText.Of(arguments.Get(0, "d", SpanString.Empty)), Values.Items(value).Select(i => Attribute(i, arguments.Get(1, "attribute"))));
            case "list":
                return Values.Items(value).ToList();
            case "first":
                return Values.Items(value).DefaultIfEmpty(new Undefined("first")).First();
            case "last":
                return Values.Items(value).DefaultIfEmpty(new Undefined("last")).Last();
            case "reverse":
                return value is SpanString text ? TextMethods.Join(SpanString.Empty, text.Runes().Reverse()) : Values.Items(value).Reverse().ToList();
            case "sort":
                return Sort(Values.Items(value), arguments);
            case "dictsort":
                return SortEntries(value, arguments);
            case "unique":
                return Unique(Values.Items(value));
            case "min" or "max":
                return Extreme(Values.Items(value), isMax: name == "max");
            case "sum":
                return Values.Items(value).Aggregate((object?)0L, (total, item) => Operators.Apply("+", total, item));
            case "select" or "reject" or "selectattr" or "rejectattr" or "map" when !Values.IsTrue(value):
                // These ask Python's way whether there is anything, so none passes where other filters fail.
                return new List<object?>();
            case "select" or "reject":
                return Pick(Values.Items(value), arguments, skip: 0, i => i, wanted: name == "select");
            case "selectattr" or "rejectattr":
                return Pick(Values.Items(value), arguments, skip: 1, i => Attribute(i, arguments.Get(0, "attribute")), wanted: name == "selectattr");
            case "map":
                return Map(Values.Items(value), arguments);
            default:
                throw new RenderFault($"the filter '{name}' is not known");
        }
    }

    private static List<object?> Pick(IEnumerable<object?> items, CallArguments arguments, int skip, Func<object?, object?> part, bool wanted)
    {
        var test = arguments.Positional.Count > skip ? arguments.Text(skip, "test", "the test") : null;
        var rest = arguments.After(skip + 1);
        return items.Where(i => (test is null ? Values.IsTrue(part(i)) : Tests.Holds(test, part(i), rest)) == wanted).ToList();
    }

    private static List<object?> Map(IEnumerable<object?> items, CallArguments arguments)
    {
        if (arguments.Named.TryGetValue("attribute", out var attribute))
        {
            var fallback = arguments.Named.TryGetValue("default", out var given) ? given : null;
            return items.Select(i => Attribute(i, attribute) is var found && found is Undefined && fallback is not null ? fallback : found).ToList();
        }

        var filter = arguments.Text(0, "filter", "map");
        var rest = arguments.After(1);
        return items.Select(i => Apply(filter, i, rest)).ToList();
    }

    private static List<object?> Sort(IEnumerable<object?> items, CallArguments arguments)
    {
        var isReversed = Values.IsTrue(arguments.Get(0, "reverse", false));
        var attribute = arguments.Get(2, "attribute");
        var comparer = Comparer<object?>.Create((a, b) => Values.Compare(Fold(a), Fold(b)));
        return isReversed
            ? items.OrderByDescending(i => Attribute(i, attribute), comparer).ToList()
            : items.OrderBy(i => Attribute(i, attribute), comparer).ToList();
    }

    private static List<object?> SortEntries(object? value, CallArguments arguments)
    {
        var isByValue = arguments.Get(1, "by") is SpanString { Text: "value" };
        var isCased = Values.IsTrue(arguments.Get(0, "case_sensitive", false));
        var isReversed = Values.IsTrue(arguments.Get(2, "reverse", false));
        var map = value as TemplateMap ?? throw new RenderFault($"dictsort: {Values.NameOf(value)} is not a mapping");
        var comparer = Comparer<object?>.Create((a, b) => isCased ? Values.Compare(a, b) : Values.Compare(Fold(a), Fold(b)));
        Func<object?, object?> key = pair => ((List<object?>)pair!)[isByValue ? 1 : 0];
        var pairs = CollectionMethods.Pairs(map);
        return isReversed ? pairs.OrderByDescending(key, comparer).ToList() : pairs.OrderBy(key, comparer).ToList();
    }

    private static List<object?> Unique(IEnumerable<object?> items)
    {
        var kept = new List<object?>();
        foreach (var item in items)
        {
            if (!kept.Exists(k => Values.AreEqual(Fold(k), Fold(item))))
            {
                kept.Add(item);
            }
        }

        return kept;
    }

    private static object? Extreme(IEnumerable<object?> items, bool isMax)
    {
        object? best = new Undefined("min");
        foreach (var item in items)
        {
            best = best is Undefined || Values.Compare(Fold(item), Fold(best)) is var order && (isMax ? order > 0 : order < 0) ? item : best;
        }

        return best;
    }

    private static object? Fold(object? value) => value is SpanString text ? SpanOps.Map(text, s => s.ToLowerInvariant()) : value;

    private static object? Attribute(object? item, object? path)
    {
        if (path is not SpanString name)
        {
            return item;
        }

        foreach (var part in name.Text.Split('.'))
        {
            item = item is TemplateMap map && map.TryGet(part, out var value) ? value : new Undefined(part);
        }

        return item;
    }

    private static SpanString Indent(SpanString text, CallArguments arguments)
    {
        var pad = arguments.Get(0, "width") is SpanString given ? given : SpanString.Template(new string(' ', Math.Clamp(arguments.Whole(0, "width", 4), 0, 256)));
        var isFirstToo = Values.IsTrue(arguments.Get(1, "first", false));
        var isBlankToo = Values.IsTrue(arguments.Get(2, "blank", false));
        var built = new SpanBuilder();
        var start = 0;
        while (start <= text.Text.Length)
        {
            var end = text.Text.IndexOf('\n', start);
            end = end < 0 ? text.Text.Length : end;
            var isPadded = start == 0 ? isFirstToo : isBlankToo || end > start;
            built.Append(isPadded ? pad : SpanString.Empty).Append(text, start, Math.Min(end + 1, text.Text.Length));
            start = end + 1;
        }

        return built.ToSpanString();
    }

    private static object? ToWhole(object? value, object? otherwise) => value switch
    {
        bool flag => flag ? 1L : 0L,
        long or BigInteger => value,
        double number when double.IsFinite(number) => Values.Shrink(new BigInteger(Math.Truncate(number))),
        SpanString text when BigInteger.TryParse(text.Text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => Values.Shrink(whole),
        SpanString text when double.TryParse(text.Text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) =>
            Values.Shrink(new BigInteger(Math.Truncate(number))),
        _ => otherwise,
    };

    private static object? ToNumber(object? value, object? otherwise) => value switch
    {
        bool or long or double or BigInteger => Values.ToDouble(value),
        SpanString text when double.TryParse(text.Text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => otherwise,
    };
}
