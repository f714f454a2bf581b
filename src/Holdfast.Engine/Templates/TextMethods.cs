using System.Globalization;

namespace Holdfast.Engine.Templates;

/// <summary>The methods of texts that templates call.</summary>
internal static class TextMethods
{
    public static readonly string[] Names =
    [
        "strip", "lstrip", "rstrip", "split", "rsplit", "splitlines", "replace", "startswith", "endswith", "upper", "lower", "title", "capitalize",
        "join", "format", "find", "count", "isdigit", "removeprefix", "removesuffix",
    ];

    /// <summary>What a field of a format may not hold: a width, a conversion, a member.</summary>
    private const string FormatSigns = ":!.[";

    public static object? Call(SpanString text, string name, CallArguments arguments, RenderBudget budget)
    {
        switch (name)
        {
            case "strip":
            case "lstrip":
            case "rstrip":
                var set = arguments.Get(0, "chars") as SpanString;
                return SpanOps.Strip(text, set?.Text, atStart: name != "rstrip", atEnd: name != "lstrip", budget);
            case "split" or "rsplit":
                var cutsMax = arguments.Whole(1, "maxsplit", -1);
                return arguments.Get(0, "sep") is SpanString separator
                    ? SpanOps.Split(text, separator.Text, cutsMax, isFromRight: name == "rsplit", budget)
                    : SpanOps.SplitAtSpaces(text, cutsMax, budget);
            case "splitlines":
                return SpanOps.SplitLines(text, budget);
            case "replace":
                return SpanOps.Replace(text, arguments.Text(0, "old", "replace"), PythonText.Of(arguments.Get(1, "new"), budget), arguments.Whole(2, "count", -1), budget);
            case "startswith":
                return AnyOf(arguments, prefix => text.Text.StartsWith(prefix, StringComparison.Ordinal), budget);
            case "endswith":
                return AnyOf(arguments, suffix => text.Text.EndsWith(suffix, StringComparison.Ordinal), budget);
            case "removeprefix":
                var prefix = arguments.Text(0, "prefix", name);
                budget.Characters(text.Text.Length);
                return text.Text.StartsWith(prefix, StringComparison.Ordinal) ? text.Cut(prefix.Length, text.Text.Length) : text;
            case "removesuffix":
                var suffix = arguments.Text(0, "suffix", name);
                budget.Characters(text.Text.Length);
                return text.Text.EndsWith(suffix, StringComparison.Ordinal) ? text.Cut(0, text.Text.Length - suffix.Length) : text;
            default:
                return CallOther(text, name, arguments, budget);
        }
    }

    private static object? CallOther(SpanString text, string name, CallArguments arguments, RenderBudget budget)
    {
        switch (name)
        {
            case "upper":
                // The platform leaves the one letter of daily use whose large form is two.
                return SpanOps.Map(text, s => s.ToUpperInvariant().Replace("ß", "SS", StringComparison.Ordinal), budget);
            case "lower":
                return SpanOps.Map(text, s => s.ToLowerInvariant(), budget);
            case "title":
                return SpanOps.Title(text, static before => !char.IsLetter(before), budget);
            case "capitalize":
                return SpanOps.Capitalise(text, budget);
            case "join":
                return Join(text, Values.Items(arguments.Get(0, "iterable"), budget), budget);
            case "format":
                return Format(text, arguments, budget);
            case "find":
                var at = TextSearch.IndexOf(text.Text, arguments.Text(0, "sub", name), 0, budget);
                return at < 0 ? -1L : Values.LengthOf(text.Cut(0, at), budget);
            case "count":
                var sought = arguments.Text(0, "sub", name);
                return sought.Length == 0 ? Values.LengthOf(text, budget) + 1 : SpanOps.Split(text, sought, -1, isFromRight: false, budget).Count - 1L;
            case "isdigit":
                budget.Characters(text.Text.Length);
                return text.Text.Length > 0 && text.Text.All(char.IsDigit);
            default:
                throw new RenderFault($"a text has no method '{name}'");
        }
    }

    public static SpanString Join(SpanString separator, IEnumerable<object?> items, RenderBudget budget)
    {
        var built = new SpanBuilder(budget);
        var isFirst = true;
        foreach (var item in items)
        {
            built.Append(isFirst ? SpanString.Empty : separator).Append(PythonText.Of(item, budget));
            isFirst = false;
        }

        return built.ToSpanString();
    }

    // "{}", "{0}" and "{name}"; a format after ":" is refused rather than ignored.
    private static SpanString Format(SpanString text, CallArguments arguments, RenderBudget budget)
    {
        var built = new SpanBuilder(budget);
        var next = 0;
        for (var i = 0; i < text.Text.Length; i++)
        {
            var unit = text.Text[i];
            if (unit is '{' or '}' && i + 1 < text.Text.Length && text.Text[i + 1] == unit)
            {
                built.Append(text, i, ++i);
                continue;
            }

            if (unit != '{')
            {
                built.Append(text, i, i + 1);
                continue;
            }

            var end = text.Text.IndexOf('}', i);
            var field = end < 0 ? throw new RenderFault("format: '}' is missing") : text.Text[(i + 1)..end];
            if (field.AsSpan().IndexOfAny(FormatSigns) >= 0)
            {
                throw new RenderFault(OddField(field));
            }

            var place = field.Length == 0 ? next++ : int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : int.MaxValue;
            built.Append(arguments.Has(place, field) ? PythonText.Of(arguments.Get(place, field), budget) : throw new RenderFault($"format: no argument for '{{{field}}}'"));
            i = end;
        }

        return built.ToSpanString();
    }

    /// <summary>The first field of a format that is not supported, in words; null when all are.</summary>
    public static string? FormatFault(string format)
    {
        foreach (var part in format.Replace("{{", "", StringComparison.Ordinal).Split('{').Skip(1))
        {
            var field = part.Split('}')[0];
            if (field.AsSpan().IndexOfAny(FormatSigns) >= 0)
            {
                return OddField(field);
            }
        }

        return null;
    }

    private static string OddField(string field) => $"format: the field '{{{field}}}' is not supported";

    private static bool AnyOf(CallArguments arguments, Func<string, bool> test, RenderBudget budget)
    {
        var sought = arguments.Get(0, "prefix") switch
        {
            SpanString one => (List<object?>)[one],
            List<object?> several => several,
            var other => throw new RenderFault($"{Values.NameOf(other)} is not a text to look for"),
        };
        budget.Items(sought.Count);
        foreach (var text in sought.OfType<SpanString>())
        {
            budget.Characters(text.Text.Length);
            if (test(text.Text))
            {
                return true;
            }
        }

        return false;
    }
}
