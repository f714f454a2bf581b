using System.Text.Json;

namespace Holdfast.Engine.Constraints;

/// <summary>
/// "oneOf" is "anyOf" where no value can be two branches at once: other types, other constants, ranges of numbers apart, another constant in
/// a member that both require, or one that only one requires and the other forbids.
/// </summary>
internal static class BranchCheck
{
    public static void MustExclude(string place, JsonElement branches, Func<JsonElement, JsonElement> resolve)
    {
        var all = branches.EnumerateArray().Select(resolve).ToArray();
        for (var i = 0; i < all.Length; i++)
        {
            for (var k = i + 1; k < all.Length; k++)
            {
                if (!Exclude(all[i], all[k], resolve))
                {
                    throw new SchemaFault($"{place}: 'oneOf' is enforced only where the branches exclude each other; {i} and {k} may not (use 'anyOf')");
                }
            }
        }
    }

    /// <summary>Whether a schema says itself that its values are of these types alone.</summary>
    public static bool IsWithin(JsonElement schema, IReadOnlyList<string> types) =>
        Types(schema) is { } own && own.All(t => types.Contains(t) || (t == "integer" && types.Contains("number")));

    private static bool Exclude(JsonElement left, JsonElement right, Func<JsonElement, JsonElement> resolve)
    {
        if (left.ValueKind == JsonValueKind.False || right.ValueKind == JsonValueKind.False)
        {
            return true;
        }

        var (leftTypes, rightTypes) = (Types(left), Types(right));
        if (leftTypes is not null && rightTypes is not null && !leftTypes.Overlaps(rightTypes))
        {
            return true;
        }

        if (Constants(left) is { } a && Constants(right) is { } b)
        {
            return !a.Overlaps(b);
        }

        // Keywords of one type say nothing of values of others, so both branches must be of that type alone.
        return (AreWithin(leftTypes, rightTypes, ["object"])
                && (Forbids(left, right) || Forbids(right, left) || RequiredNames(left).Intersect(RequiredNames(right)).Any(name =>
                    Member(left, name) is { } one && Member(right, name) is { } other
                    && Constants(resolve(one)) is { } first && Constants(resolve(other)) is { } second && !first.Overlaps(second))))
            || (AreWithin(leftTypes, rightTypes, ["number", "integer"]) && (IsBelow(left, right) || IsBelow(right, left)));
    }

    private static bool AreWithin(HashSet<string>? left, HashSet<string>? right, string[] types) => left?.IsSubsetOf(types) != false && right?.IsSubsetOf(types) != false;

    private static bool Forbids(JsonElement closed, JsonElement other) =>
        closed.ValueKind == JsonValueKind.Object && closed.TryGetProperty("additionalProperties", out var more) && more.ValueKind == JsonValueKind.False
        && RequiredNames(other).Any(name => Member(closed, name) is null or { ValueKind: JsonValueKind.False });

    private static bool IsBelow(JsonElement low, JsonElement high)
    {
        var most = Bounds(low, "maximum", "exclusiveMaximum").Order().ToList();
        var least = Bounds(high, "minimum", "exclusiveMinimum").OrderDescending().ToList();
        return most.Count > 0 && least.Count > 0
            && (most[0].Value < least[0].Value || (most[0].Value == least[0].Value && (most.Exists(b => b.IsOpen && b.Value == least[0].Value) || least.Exists(b => b.IsOpen && b.Value == most[0].Value))));
    }

    private static IEnumerable<(decimal Value, bool IsOpen)> Bounds(JsonElement schema, string closed, string open)
    {
        foreach (var word in new[] { closed, open })
        {
            if (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(word, out var bound) && bound.ValueKind == JsonValueKind.Number && bound.TryGetDecimal(out var value))
            {
                yield return (value, word == open);
            }
        }
    }

    private static HashSet<string>? Types(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("type", out var type))
        {
            return null;
        }

        var types = (type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.ToString()) : [type.ToString()]).ToHashSet(StringComparer.Ordinal);
        if (types.Contains("number"))
        {
            types.Add("integer");
        }

        return types;
    }

    private static HashSet<string>? Constants(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        return schema.TryGetProperty("const", out var value) ? [JsonValues.Key(value)]
            : schema.TryGetProperty("enum", out var values) && values.ValueKind == JsonValueKind.Array ? values.EnumerateArray().Select(JsonValues.Key).ToHashSet(StringComparer.Ordinal)
            : null;
    }

    private static IEnumerable<string> RequiredNames(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("required", out var names) && names.ValueKind == JsonValueKind.Array
            ? names.EnumerateArray().Select(n => n.ToString())
            : [];

    private static JsonElement? Member(JsonElement schema, string name) =>
        schema.TryGetProperty("properties", out var members) && members.ValueKind == JsonValueKind.Object && members.TryGetProperty(name, out var member) ? member : null;
}
