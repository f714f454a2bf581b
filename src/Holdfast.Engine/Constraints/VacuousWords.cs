using System.Text.Json;

namespace Holdfast.Engine.Constraints;

/// <summary>Keywords that forbid nothing of what is written: those that only tell a reader something, and those that allow everything with this value, or beside what stands beside them.</summary>
internal static class VacuousWords
{
    private static readonly HashSet<string> Annotations = new(StringComparer.Ordinal)
    {
        "title", "description", "default", "examples", "example", "$schema", "$id", "$comment", "$anchor", "$defs", "definitions", "deprecated", "readOnly", "writeOnly",
        "contentMediaType", "contentEncoding", "contentSchema", "discriminator", "externalDocs", "xml",
    };

    public static bool IsVacuous(JsonElement schema, string word, JsonElement value) => word switch
    {
        "uniqueItems" => value.ValueKind == JsonValueKind.False || Count(schema, "maxItems", 2) <= 1,
        "minProperties" => Count(value) <= (schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(n => n.GetString()).Distinct(StringComparer.Ordinal).Count() : 0),
        "patternProperties" or "dependencies" or "dependentRequired" or "dependentSchemas" => value.ValueKind == JsonValueKind.Object && !value.EnumerateObject().Any(),
        "propertyNames" => SaysNothing(value) || (value.ValueKind == JsonValueKind.Object && value.EnumerateObject().All(m => IsAnnotation(m.Name) || (m.NameEquals("type") && m.Value.ValueKind == JsonValueKind.String && m.Value.ValueEquals("string")))),
        "multipleOf" => Count(value) == 1 && HoldsNoFractions(schema),
        "contains" => !schema.TryGetProperty("maxContains", out _) && (Count(schema, "minContains", 1) == 0 || (SaysNothing(value) && Count(schema, "minItems", 0) >= Count(schema, "minContains", 1))),
        "minContains" => Count(value) is not null && (!schema.TryGetProperty("contains", out var contained) || IsVacuous(schema, "contains", contained)),
        "maxContains" => Count(value) is not null && !schema.TryGetProperty("contains", out _),
        "allOf" => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(SaysNothing),

        // Where draft 4 and OpenAPI 3.0 say whether the bound beside it is open.
        "exclusiveMinimum" or "exclusiveMaximum" => value.ValueKind == JsonValueKind.False,

        // OpenAPI's word allows null besides, JSON Schema does not know it: an answer without null is right by both.
        "nullable" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ => IsAnnotation(word),
    };

    /// <summary>Whether a schema allows everything, as far as its own words say.</summary>
    public static bool SaysNothing(JsonElement schema) => schema.ValueKind == JsonValueKind.True || (schema.ValueKind == JsonValueKind.Object && schema.EnumerateObject().All(m => IsAnnotation(m.Name)));

    private static bool IsAnnotation(string word) => Annotations.Contains(word) || word.StartsWith("x-", StringComparison.Ordinal);

    private static bool HoldsNoFractions(JsonElement schema) => schema.TryGetProperty("type", out var type)
        && (type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().All(t => t.ValueKind == JsonValueKind.String && t.GetString() != "number") : type.ValueKind == JsonValueKind.String && type.GetString() != "number");

    // Null for what is no count: it is no reason to pass a keyword over.
    private static decimal? Count(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var count) && count >= 0 && decimal.Truncate(count) == count ? count : null;

    private static decimal? Count(JsonElement schema, string word, int otherwise) => schema.TryGetProperty(word, out var value) ? Count(value) : otherwise;
}
