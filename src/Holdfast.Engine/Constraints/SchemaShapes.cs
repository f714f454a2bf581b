using System.Text.Json;

namespace Holdfast.Engine.Constraints;

/// <summary>The forms that the values of keywords must have. A keyword of another form is a mistake that would loosen the schema without a word, so it is a fault.</summary>
internal static class SchemaShapes
{
    public static void Check(string place, JsonElement schema)
    {
        if (place != "#" && schema.TryGetProperty("$id", out _) && schema.GetRawText().Contains("\"$ref\"", StringComparison.Ordinal))
        {
            throw new SchemaFault($"{place}: '$id' is not followed: the references below it mean other places; write its definitions at the top");
        }

        foreach (var member in schema.EnumerateObject())
        {
            if (Wanted(member.Name, member.Value) is { } wanted)
            {
                throw new SchemaFault($"{place}: '{member.Name}' must be {wanted}");
            }
        }
    }

    /// <summary>A keyword that counts, or <paramref name="otherwise"/> without it.</summary>
    public static int Count(string place, JsonElement schema, string word, int otherwise)
    {
        if (!schema.TryGetProperty(word, out var value))
        {
            return otherwise;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var count) && count >= 0 && decimal.Truncate(count) == count
            ? (int)Math.Min(count, int.MaxValue)
            : throw new SchemaFault($"{place}: '{word}' must be a whole number from 0");
    }

    private static string? Wanted(string word, JsonElement value) => word switch
    {
        "properties" or "$defs" or "definitions" when value.ValueKind != JsonValueKind.Object || !value.EnumerateObject().All(m => IsSchema(m.Value)) => "an object whose values are schemas",
        "required" when value.ValueKind != JsonValueKind.Array || !value.EnumerateArray().All(n => n.ValueKind == JsonValueKind.String) => "a list of names",
        "additionalProperties" when !IsSchema(value) => "true, false or a schema",
        "items" when !IsSchema(value) => "true, false or a schema (a list of them is 'prefixItems')",
        "prefixItems" when value.ValueKind != JsonValueKind.Array || !value.EnumerateArray().All(IsSchema) => "a list of schemas",
        "anyOf" or "oneOf" or "allOf" when value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0 => "a list of schemas that is not empty",
        "enum" when value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0 => "a list of values that is not empty",
        "pattern" or "format" or "$ref" when value.ValueKind != JsonValueKind.String => "a text",
        "uniqueItems" or "nullable" when value.ValueKind is not (JsonValueKind.True or JsonValueKind.False) => "true or false",
        _ => null,
    };

    private static bool IsSchema(JsonElement value) => value.ValueKind is JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False;
}
