namespace Holdfast.Engine.Templates;

/// <summary>
/// What filters and methods take, so that a template that gives something else is refused when it is loaded: an argument that nobody
/// looks at would be lost without a word. Behind "|" stand those that may be left out.
/// </summary>
internal static class Signatures
{
    private static readonly Dictionary<string, string> OfFilters = new(StringComparer.Ordinal)
    {
        ["tojson"] = "|ensure_ascii indent separators sort_keys",
        ["default"] = "|default_value boolean",
        ["d"] = "|default_value boolean",
        ["join"] = "|d attribute",
        ["trim"] = "|chars",
        ["replace"] = "old new|count",
        ["indent"] = "|width first blank",
        ["int"] = "|default base",
        ["float"] = "|default",
        ["sort"] = "|reverse case_sensitive attribute",
        ["unique"] = "|case_sensitive attribute",
        ["dictsort"] = "|case_sensitive by reverse",
        ["min"] = "|case_sensitive attribute",
        ["max"] = "|case_sensitive attribute",
        ["sum"] = "|attribute start",
    };

    private static readonly Dictionary<string, string> OfMethods = new(StringComparer.Ordinal)
    {
        ["strip"] = "|chars",
        ["lstrip"] = "|chars",
        ["rstrip"] = "|chars",
        ["split"] = "|sep maxsplit",
        ["rsplit"] = "|sep maxsplit",
        ["replace"] = "old new|count",
        ["startswith"] = "prefix|",
        ["endswith"] = "suffix|",
        ["removeprefix"] = "prefix|",
        ["removesuffix"] = "suffix|",
        ["join"] = "iterable|",
        ["find"] = "sub|",
        ["count"] = "sub|",
        ["get"] = "key|default",
        ["setdefault"] = "key|default",
        ["pop"] = "|key default",
        ["append"] = "item|",
        ["extend"] = "items|",
        ["insert"] = "index item|",
        ["index"] = "item|",
    };

    /// <summary>These pass their arguments on, or take any.</summary>
    private static readonly string[] Open = ["map", "select", "reject", "selectattr", "rejectattr", "format", "update"];

    public static string? FaultOfFilter(string name, ArgumentList arguments) => Fault($"the filter '{name}'", name, OfFilters, arguments);

    public static string? FaultOfMethod(string name, ArgumentList arguments) => Fault($"the method '{name}'", name, OfMethods, arguments);

    private static string? Fault(string what, string name, Dictionary<string, string> signatures, ArgumentList arguments)
    {
        if (Open.Contains(name))
        {
            return null;
        }

        var halves = signatures.GetValueOrDefault(name, "|").Split('|');
        var required = halves[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] all = [.. required, .. halves[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        if (arguments.Positional.Count > all.Length)
        {
            return all.Length == 0 ? $"{what} with arguments is not supported" : $"{what} with more than {all.Length} arguments is not supported";
        }

        var given = arguments.Named.Select(n => n.Name).ToList();
        return given.Find(n => !all.Contains(n)) is { } odd ? $"{what} with the argument '{odd}' is not supported"
            : required.Skip(arguments.Positional.Count).FirstOrDefault(r => !given.Contains(r)) is { } missing ? $"{what} needs the argument '{missing}'"
            : null;
    }
}
