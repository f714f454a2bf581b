using System.Text.Json;

namespace Holdfast.Engine.Constraints;

/// <summary>The keywords of strings to a node.</summary>
internal static class TextWordsReader
{
    public static SchemaNode.Text Read(string place, JsonElement schema, PatternStore patterns)
    {
        var (min, max) = (SchemaShapes.Count(place, schema, "minLength", 0), SchemaShapes.Count(place, schema, "maxLength", int.MaxValue));
        var pattern = schema.TryGetProperty("pattern", out var own) ? own.GetString() : null;
        var format = schema.TryGetProperty("format", out var name) ? name.GetString() : null;
        if (pattern is null && format is null)
        {
            return min <= max ? new SchemaNode.Text(min, max, null) : throw new SchemaFault($"{place}: 'minLength' is above 'maxLength'");
        }

        if (min > 0 || max < int.MaxValue)
        {
            throw new SchemaFault($"{place}: '{(pattern is null ? "format" : "pattern")}' together with '{(min > 0 ? "minLength" : "maxLength")}' is not enforced");
        }

        var known = format is null ? null : Formats.Patterns.GetValueOrDefault(format);

        // Zod names each of its checks in "format" (starts_with, cuid2) and says it in "pattern": there the name says nothing more.
        var automaton = (pattern, known) switch
        {
            (null, null) => throw new SchemaFault($"{place}: the format '{format}' is not enforced without a 'pattern' beside it; known are {string.Join(", ", Formats.Patterns.Keys)}"),
            ({ } one, { } other) => patterns.GetBoth(place, one, other),
            _ => patterns.Get(place, pattern ?? known!),
        };
        return new SchemaNode.Text(0, int.MaxValue, automaton);
    }
}
