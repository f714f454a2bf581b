using System.Text.Json;
using System.Text.RegularExpressions;

namespace Holdfast.Tests.Engine.Constraints;

/// <summary>The plain reading of JSON Schema for the keywords that are enforced.</summary>
internal static class SlowValidator
{
    public static bool IsValid(JsonElement value, JsonElement schema, JsonElement root)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return schema.ValueKind == JsonValueKind.True;
        }

        return schema.EnumerateObject().All(word => Holds(word.Name, word.Value, value, schema, root));
    }

    private static bool Holds(string word, JsonElement rule, JsonElement value, JsonElement schema, JsonElement root)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        var isNumber = value.ValueKind == JsonValueKind.Number;
        var isArray = value.ValueKind == JsonValueKind.Array;
        var isObject = value.ValueKind == JsonValueKind.Object;
        return word switch
        {
            "type" => (rule.ValueKind == JsonValueKind.Array ? rule.EnumerateArray().Select(t => t.GetString()) : [rule.GetString()]).Any(t => IsOfType(value, t!)),
            "enum" => rule.EnumerateArray().Any(e => JsonElement.DeepEquals(e, value)),
            "const" => JsonElement.DeepEquals(rule, value),
            "anyOf" => rule.EnumerateArray().Any(s => IsValid(value, s, root)),
            "oneOf" => rule.EnumerateArray().Count(s => IsValid(value, s, root)) == 1,
            "allOf" => rule.EnumerateArray().All(s => IsValid(value, s, root)),
            "$ref" => IsValid(value, rule.GetString()!.Split('/').Skip(1).Aggregate(root, (at, part) => at.GetProperty(Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))), root),
            "minLength" => text is null || text.EnumerateRunes().Count() >= rule.GetInt32(),
            "maxLength" => text is null || text.EnumerateRunes().Count() <= rule.GetInt32(),
            "pattern" => text is null || Regex.IsMatch(text, rule.GetString()!.Replace("$", "\\z", StringComparison.Ordinal), RegexOptions.ECMAScript, TimeSpan.FromSeconds(5)),
            "minimum" => !isNumber || Amount(value) >= rule.GetDecimal(),
            "maximum" => !isNumber || Amount(value) <= rule.GetDecimal(),
            "exclusiveMinimum" => !isNumber || Amount(value) > rule.GetDecimal(),
            "exclusiveMaximum" => !isNumber || Amount(value) < rule.GetDecimal(),
            "minItems" => !isArray || value.GetArrayLength() >= rule.GetInt32(),
            "maxItems" => !isArray || value.GetArrayLength() <= rule.GetInt32(),
            "items" => !isArray || value.EnumerateArray().Skip(schema.TryGetProperty("prefixItems", out var first) ? first.GetArrayLength() : 0).All(i => IsValid(i, rule, root)),
            "prefixItems" => !isArray || value.EnumerateArray().Zip(rule.EnumerateArray()).All(p => IsValid(p.First, p.Second, root)),
            "required" => !isObject || rule.EnumerateArray().All(n => value.TryGetProperty(n.GetString()!, out _)),
            "properties" => !isObject || value.EnumerateObject().All(m => !rule.TryGetProperty(m.Name, out var s) || IsValid(m.Value, s, root)),
            "additionalProperties" => !isObject || value.EnumerateObject().All(m =>
                (schema.TryGetProperty("properties", out var known) && known.TryGetProperty(m.Name, out _)) || IsValid(m.Value, rule, root)),
            _ => true,
        };
    }

    private static decimal Amount(JsonElement value) =>
        value.TryGetDecimal(out var amount) ? amount : value.GetDouble() > 0 ? decimal.MaxValue : decimal.MinValue;

    private static bool IsOfType(JsonElement value, string type) => value.ValueKind switch
    {
        JsonValueKind.String => type == "string",
        JsonValueKind.Number => type == "number" || (type == "integer" && (value.TryGetDecimal(out var number) ? decimal.Truncate(number) == number : Math.Floor(value.GetDouble()) == value.GetDouble())),
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        JsonValueKind.Null => type == "null",
        JsonValueKind.Array => type == "array",
        _ => type == "object",
    };
}
