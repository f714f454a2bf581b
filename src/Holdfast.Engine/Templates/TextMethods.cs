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

    public static object? Call(SpanString text, string name, CallArguments arguments)
    {
        switch (name)
        {
            case "strip":
            case "lstrip":
            case "rstrip":
                var set = arguments.Get(0, "chars") as SpanString;
                return SpanOps.Strip(text, set?.Text, atStart: name != "rstrip", atEnd: name != "lstrip");
            case "split" or "rsplit":
                var cutsMax = arguments.Whole(1, "maxsplit", -1);
                return arguments.Get(0, "sep") is SpanString separator
                    ? SpanOps.Split(text, separator.Text, cutsMax, isFromRight: name == "rsplit")
                    : SpanOps.SplitAtSpaces(text, cutsMax);
            case "splitlines":
                return SpanOps.SplitLines(text);
            case "replace":
                return SpanOps.Replace(text, arguments.Text(0, "old", "replace"), PythonText.Of(arguments.Get(1, "new")), arguments.Whole(2, "count", -1));
            case "startswith":
                return AnyOf(arguments, prefix => text.Text.StartsWith(prefix, StringComparison.Ordinal));
            case "endswith":
                return AnyOf(arguments, suffix => text.Text.EndsWith(suffix, StringComparison.Ordinal));
            case "removeprefix":
                var prefix = arguments.Text(0, "prefix", name);
                return text.Text.StartsWith(prefix, StringComparison.Ordinal) ? text.Cut(prefix.Length, text.Text.Length) : text;
            case "removesuffix":
                var suffix = arguments.Text(0, "suffix", name);
                return text.Text.EndsWith(suffix, StringComparison.Ordinal) ? text.Cut(0, text.Text.Length - suffix.Length) : text;
            default:
                return CallOther(text, name, arguments);
        }
    }

    private static object? CallOther(SpanString text, string name, CallArguments arguments)
    {
        switch (name)
        {
            case "upper":
                return SpanOps.Map(text, s => s.ToUpperInvariant());
            case "lower":
                return SpanOps.Map(text, s => s.ToLowerInvariant());
            case "title":
                return SpanOps.Title(text, static before => !char.IsLetter(before));
            case "capitalize":
                return SpanOps.Capitalise(text);
            case "join":
                return Join(text, Values.Items(arguments.Get(0, "iterable")));
            case "format":
                return Format(text, arguments);
            case "find":
                var at = text.Text.IndexOf(arguments.Text(0, "sub", name), StringComparison.Ordinal);
                return at < 0 ? -1L : text.Cut(0, at).Length;
            case "count":
                var sought = arguments.Text(0, "sub", name);
                return sought.Length == 0 ? (long)text.Length + 1 : SpanOps.Split(text, sought, -1, isFromRight: false).Count - 1L;
            case "isdigit":
                return text.Text.Length > 0 && text.Text.All(char.IsDigit);
            default:
                throw new RenderFault($"a text has no method '{name}'");
        }
    }

    public static SpanString Join(SpanString separator, IEnumerable<object?> items)
    {
        var built = new SpanBuilder();
        var isFirst = true;
        foreach (var item in items)
        {
            built.Append(isFirst ? SpanString.Empty : separator).Append(PythonText.Of(item));
            isFirst = false;
        }

        return built.ToSpanString();
    }

    // "{}", "{0}" and "{name}"; a format after ":" is refused rather than ignored.
    private static SpanString Format(SpanString text, CallArguments arguments)
    {
        var built = new SpanBuilder();
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
            if (field.AsSpan().IndexOfAny(":!.[") >= 0)
            {
                throw new RenderFault($"format: the field '{{{field}}}' is not supported");
            }

            var place = field.Length == 0 ? next++ : int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : int.MaxValue;
            built.Append(arguments.Has(place, field) ? PythonText.Of(arguments.Get(place, field)) : throw new RenderFault($"format: no argument for '{{{field}}}'"));
            i = end;
        }

        return built.ToSpanString();
    }

    private static bool AnyOf(CallArguments arguments, Func<string, bool> test) => arguments.Get(0, "prefix") switch
    {
        SpanString one => test(one.Text),
        List<object?> several => several.OfType<SpanString>().Any(s => test(s.Text)),
        var other => throw new RenderFault($"{Values.NameOf(other)} is not a text to look for"),
    };
}
