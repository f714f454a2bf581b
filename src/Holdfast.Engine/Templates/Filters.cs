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

    public static object? Apply(string name, object? value, CallArguments arguments, RenderBudget budget)
    {
        switch (name)
        {
            case "tojson":
                return JsonText.Of(value, arguments, budget);
            case "from_json":
                return JsonValues.Parse(PythonText.Of(value, budget).Text, budget);
            case "length" or "count":
                return Values.LengthOf(value, budget);
            case "default" or "d":
                var isMissing = value is Undefined || (Values.IsTrue(arguments.Get(1, "boolean", false)) && !Values.IsTrue(value));
                return isMissing ? arguments.Get(0, "default_value", SpanString.Empty) : value;
            case "trim":
                return SpanOps.Strip(PythonText.Of(value, budget), (arguments.Get(0, "chars") as SpanString)?.Text, atStart: true, atEnd: true, budget);
            case "string" or "safe":
                return PythonText.Of(value, budget);
            case "title":
                return SpanOps.Title(PythonText.Of(value, budget), static before => char.IsWhiteSpace(before) || "-([{<".Contains(before), budget);
            case "upper" or "lower" or "capitalize" or "replace":
                return TextMethods.Call(PythonText.Of(value, budget), name, arguments, budget);
            case "indent":
                return Indent(PythonText.Of(value, budget), arguments, budget);
            case "int":
                return arguments.Get(1, "base", 10L) is 10L ? ToWhole(value, arguments.Get(0, "default", 0L), budget) : throw new RenderFault("int with another base than 10 is not supported");
            case "float":
                return ToNumber(value, arguments.Get(0, "default", 0.0), budget);
            case "abs":
                return value is double number ? Math.Abs(number) : Values.Shrink(BigInteger.Abs(Values.ToBig(value ?? 0L)));
            default:
                return ApplyToItems(name, value, arguments, budget);
        }
    }

    private static object? ApplyToItems(string name, object? value, CallArguments arguments, RenderBudget budget)
    {
        switch (name)
        {
            case "items":
                return value is Undefined ? new List<object?>() : CollectionMethods.Pairs(value as TemplateMap ?? throw new RenderFault($"{Values.NameOf(value)} has no items"), budget);
            case "first" or "last":
                return End(value, isLast: name == "last", budget);
            case "dictsort":
                return SortEntries(value, arguments, budget);
            case "select" or "reject" or "selectattr" or "rejectattr" or "map" when !Values.IsTrue(value):
                // These ask Python's way whether there is anything, so none passes where other filters fail.
                return new List<object?>();
        }

        var items = Values.Items(value, budget);
        switch (name)
        {
            case "join":
                var part = new AttributePath(arguments.Get(1, "attribute"), budget);
                return TextMethods.Join(PythonText.Of(arguments.Get(0, "d", SpanString.Empty), budget), items.Select(part.Of), budget);
            case "list":
                return items.ToList();
            case "reverse":
                return value is SpanString ? TextMethods.Join(SpanString.Empty, items.Reverse(), budget) : items.Reverse().ToList();
            case "sort":
                return Sort(items, arguments, budget);
            case "unique":
                return Unique(items, arguments, budget);
            case "min" or "max":
                return Extreme(items, arguments, isMax: name == "max", budget);
            case "sum":
                var summand = new AttributePath(arguments.Get(0, "attribute"), budget);
                return items.Aggregate(arguments.Get(1, "start", 0L), (total, item) => Operators.Apply("+", total, summand.Of(item), budget));
            case "select" or "reject":
                return Pick(items, arguments, skip: 0, i => i, wanted: name == "select", budget);
            case "selectattr" or "rejectattr":
                return Pick(items, arguments, skip: 1, new AttributePath(arguments.Get(0, "attribute"), budget).Of, wanted: name == "selectattr", budget);
            case "map":
                return Map(items, arguments, budget);
            default:
                throw new RenderFault($"the filter '{name}' is not known");
        }
    }

    private static object? End(object? value, bool isLast, RenderBudget budget)
    {
        switch (value)
        {
            case SpanString { Text.Length: > 0 } text:
                var length = (int)Values.LengthOf(text, budget);
                return isLast ? text.CutRunes(length - 1, length) : text.CutRunes(0, 1);
            case List<object?> { Count: > 0 } list:
                return isLast ? list[^1] : list[0];
            default:
                var missing = new Undefined(isLast ? "last" : "first");
                var items = Values.Items(value, budget).DefaultIfEmpty(missing);
                return isLast ? items.Last() : items.First();
        }
    }

    private static List<object?> Pick(IEnumerable<object?> items, CallArguments arguments, int skip, Func<object?, object?> part, bool wanted, RenderBudget budget)
    {
        var test = arguments.Positional.Count > skip ? arguments.Text(skip, "test", "the test") : null;
        var rest = arguments.After(skip + 1);
        return items.Where(i => (test is null ? Values.IsTrue(part(i)) : Tests.Holds(test, part(i), rest, budget)) == wanted).ToList();
    }

    private static List<object?> Map(IEnumerable<object?> items, CallArguments arguments, RenderBudget budget)
    {
        if (arguments.Named.TryGetValue("attribute", out var attribute))
        {
            var path = new AttributePath(attribute, budget) { Default = arguments.Named.GetValueOrDefault("default") };
            return items.Select(path.Of).ToList();
        }

        // "map('map', ...)" inside itself goes as deep as its arguments are many.
        var filter = arguments.Text(0, "filter", "map");
        var rest = arguments.After(1);
        budget.Enter();
        var mapped = items.Select(i => Apply(filter, i, rest, budget)).ToList();
        budget.Leave();
        return mapped;
    }

    private static List<object?> Sort(IEnumerable<object?> items, CallArguments arguments, RenderBudget budget)
    {
        var isReversed = Values.IsTrue(arguments.Get(0, "reverse", false));
        var isCased = Values.IsTrue(arguments.Get(1, "case_sensitive", false));
        var paths = AttributePath.Several(arguments.Get(2, "attribute"), budget);
        return StableSort.Of(
            items,
            item => paths.Select(p => isCased ? p.Of(item) : Fold(p.Of(item), budget)).ToList(),
            // Lists, as Jinja compares them: equal keys need no order, so values that have none can stand together.
            (a, b) => Values.Compare(a, b, budget),
            isReversed);
    }

    private static List<object?> SortEntries(object? value, CallArguments arguments, RenderBudget budget)
    {
        var place = arguments.Get(1, "by") is SpanString { Text: "value" } ? 1 : 0;
        var isCased = Values.IsTrue(arguments.Get(0, "case_sensitive", false));
        var isReversed = Values.IsTrue(arguments.Get(2, "reverse", false));
        var map = value as TemplateMap ?? throw new RenderFault($"dictsort: {Values.NameOf(value)} is not a mapping");
        return StableSort.Of(
            CollectionMethods.Pairs(map, budget),
            pair => ((List<object?>)pair!)[place] is var key && isCased ? key : Fold(key, budget),
            (a, b) => Values.Compare(a, b, budget),
            isReversed);
    }

    private static List<object?> Unique(IEnumerable<object?> items, CallArguments arguments, RenderBudget budget)
    {
        var isCased = Values.IsTrue(arguments.Get(0, "case_sensitive", false));
        var path = new AttributePath(arguments.Get(1, "attribute"), budget);
        var seen = new TemplateMap();
        var kept = new List<object?>();
        foreach (var item in items)
        {
            var key = Values.Key(isCased ? path.Of(item) : Fold(path.Of(item), budget), budget);
            if (!seen.Has(key))
            {
                seen.Set(key, null);
                kept.Add(item);
            }
        }

        return kept;
    }

    private static object? Extreme(IEnumerable<object?> items, CallArguments arguments, bool isMax, RenderBudget budget)
    {
        var isCased = Values.IsTrue(arguments.Get(0, "case_sensitive", false));
        var path = new AttributePath(arguments.Get(1, "attribute"), budget);
        (object? Key, object? Item)? best = null;
        foreach (var item in items)
        {
            var key = isCased ? path.Of(item) : Fold(path.Of(item), budget);
            var order = best is { } before ? Values.Compare(key, before.Key, budget) : 0;
            best = best is null || (isMax ? order > 0 : order < 0) ? (key, item) : best;
        }

        return best is { } found ? found.Item : new Undefined(isMax ? "max" : "min");
    }

    private static object? Fold(object? value, RenderBudget budget) => value is SpanString text ? SpanOps.Map(text, s => s.ToLowerInvariant(), budget) : value;

    private static SpanString Indent(SpanString text, CallArguments arguments, RenderBudget budget)
    {
        var pad = arguments.Get(0, "width") is SpanString given ? given : SpanString.Template(new string(' ', Math.Clamp(arguments.Whole(0, "width", 4), 0, 256)));
        var isFirstToo = Values.IsTrue(arguments.Get(1, "first", false));
        var isBlankToo = Values.IsTrue(arguments.Get(2, "blank", false));
        var built = new SpanBuilder(budget);
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

    private static object? ToWhole(object? value, object? otherwise, RenderBudget budget)
    {
        switch (value)
        {
            case bool flag:
                return flag ? 1L : 0L;
            case long or BigInteger:
                return value;
            case double number:
                return double.IsFinite(number) ? Values.Shrink(new BigInteger(Math.Truncate(number))) : otherwise;
            case SpanString text when Number(text, budget) is { } digits:
                return BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? Values.Shrink(whole)
                    : double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var fraction) && double.IsFinite(fraction) ? Values.Shrink(new BigInteger(Math.Truncate(fraction)))
                    : otherwise;
            default:
                return otherwise;
        }
    }

    private static object? ToNumber(object? value, object? otherwise, RenderBudget budget) => value switch
    {
        bool or long or double or BigInteger => Values.ToDouble(value),
        SpanString text when double.TryParse(Number(text, budget), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => otherwise,
    };

    /// <summary>What may be a number; null for a text that Python does not read as one, because reading takes the square of its length.</summary>
    private static string? Number(SpanString text, RenderBudget budget)
    {
        budget.Characters(text.Text.Length);
        return text.Text.Trim() is { Length: <= Values.DigitsMax } digits ? digits : null;
    }
}
