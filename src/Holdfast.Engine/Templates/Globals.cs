namespace Holdfast.Engine.Templates;

/// <summary>The functions that every template finds.</summary>
internal static class Globals
{
    private const int RangeMax = 100_000;

    public static readonly string[] Names = ["range", "namespace", "raise_exception", "strftime_now", "dict"];

    public static void Add(Scope scope, DateTimeOffset now)
    {
        scope.Set("range", new Callable("range", Range));
        scope.Set("namespace", new Callable("namespace", (arguments, budget) => MapOf(arguments, isNamespace: true, budget)));
        scope.Set("dict", new Callable("dict", (arguments, budget) => MapOf(arguments, isNamespace: false, budget)));
        scope.Set("raise_exception", new Callable("raise_exception", (arguments, budget) => throw new RenderFault(PythonText.Of(arguments.Get(0, "message"), budget).Text)));
        scope.Set("strftime_now", new Callable("strftime_now", (arguments, budget) => PythonTime.Of(now, Format(arguments), budget)));
    }

    private static SpanString Format(CallArguments arguments) =>
        arguments.Get(0, "format") as SpanString ?? throw new RenderFault("strftime_now needs a text");

    private static List<object?> Range(CallArguments arguments, RenderBudget budget)
    {
        var first = arguments.Whole(0, "start", 0);
        var (start, end) = arguments.Positional.Count > 1 ? (first, arguments.Whole(1, "stop", 0)) : (0, first);
        var step = arguments.Whole(2, "step", 1);
        if (step == 0)
        {
            throw new RenderFault("range: the step is 0");
        }

        var items = new List<object?>();
        for (long i = start; step > 0 ? i < end : i > end; i += step)
        {
            budget.Step();
            items.Add(items.Count < RangeMax ? i : throw new RenderFault($"range: more than {RangeMax} numbers"));
        }

        return items;
    }

    private static TemplateMap MapOf(CallArguments arguments, bool isNamespace, RenderBudget budget)
    {
        var map = new TemplateMap { IsNamespace = isNamespace };
        if (arguments.Get(0, "") is TemplateMap first)
        {
            budget.Items(first.Count);
            foreach (var (key, value) in first.Entries)
            {
                map.Set(key, value);
            }
        }

        foreach (var (name, value) in arguments.Named)
        {
            map.Set(name, value);
        }

        return map;
    }
}
