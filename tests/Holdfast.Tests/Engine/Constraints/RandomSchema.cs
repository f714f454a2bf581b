using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Engine.Constraints;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Tests.Engine.Constraints;

/// <summary>Schemas at random, and for each a valid text in the spelling that is enforced.</summary>
internal sealed class RandomSchema(Random random)
{
    private static readonly string[] Names = ["name", "service", "severity", "steps", "a", "ab", "abc", "na\"me", "größe", "x/y"];

    private static readonly (string Pattern, string[] Samples)[] Patterns =
    [
        ("^[A-Z]{2}-[0-9]{3}$", ["AB-123", "ZZ-000"]), ("^(red|green|blue)$", ["red", "blue"]), ("\\d", ["a1b", "7"]), ("^[^\"]*$", ["plain", ""]),
        ("^a+b?$", ["a", "aaab"]), ("^.*$", ["", "any text é"]), ("^[äöü€]{1,3}$", ["ä", "€ü"]), ("^(?:😀|ü)+$", ["😀", "ü😀"]), ("^\\w+@\\w+\\.com$", ["me@x.com"]), ("^(?:\\\\|\"|\\n){1,2}$", ["\\", "\"\n"]),
    ];

    public JsonObject Next(int depth = 3) => random.Next(depth > 0 ? 13 : 7) switch
    {
        0 => Text(),
        1 => Number("integer"),
        2 => Number("number"),
        3 => new JsonObject { ["type"] = "boolean" },
        4 => new JsonObject { ["enum"] = new JsonArray("low", "high", "lower", 1, 12, null, true, "é\"\n") },
        5 => new JsonObject { ["type"] = "string", ["pattern"] = Patterns[random.Next(Patterns.Length)].Pattern },
        6 => new JsonObject { ["type"] = new JsonArray("string", "null", "integer"), ["maxLength"] = 5, ["maximum"] = 40 },
        7 => new JsonObject { ["anyOf"] = new JsonArray(Next(depth - 1), Next(depth - 1)) },
        8 or 9 => Array(depth),
        _ => Object(depth),
    };

    public string Sample(JsonElement schema)
    {
        if (schema.TryGetProperty("anyOf", out var branches))
        {
            return Sample(branches[random.Next(branches.GetArrayLength())]);
        }

        if (schema.TryGetProperty("enum", out var values))
        {
            return JsonSpelling.Of(values[random.Next(values.GetArrayLength())], WritableText.Everything);
        }

        if (schema.TryGetProperty("pattern", out var pattern))
        {
            var samples = Patterns.Single(p => p.Pattern == pattern.GetString()).Samples;
            return JsonSpelling.Quoted(samples[random.Next(samples.Length)], WritableText.Everything);
        }

        var type = schema.GetProperty("type");
        var name = type.ValueKind == JsonValueKind.Array ? type[random.Next(type.GetArrayLength())].GetString() : type.GetString();
        return name switch
        {
            "string" => SampleText(schema),
            "integer" or "number" => SampleNumber(schema, name == "integer"),
            "boolean" => random.Next(2) == 0 ? "true" : "false",
            "null" => "null",
            "array" => SampleArray(schema),
            _ => SampleObject(schema),
        };
    }

    private JsonObject Text()
    {
        var schema = new JsonObject { ["type"] = "string" };
        var min = random.Next(4);
        if (random.Next(2) == 0)
        {
            schema["minLength"] = min;
        }

        if (random.Next(2) == 0)
        {
            schema["maxLength"] = min + random.Next(40);
        }

        return schema;
    }

    private JsonObject Number(string type)
    {
        var schema = new JsonObject { ["type"] = type };
        var low = random.Next(-300, 300);
        if (random.Next(2) == 0)
        {
            schema[random.Next(2) == 0 ? "minimum" : "exclusiveMinimum"] = type == "integer" ? low : low + .25m;
        }

        if (random.Next(2) == 0)
        {
            schema[random.Next(2) == 0 ? "maximum" : "exclusiveMaximum"] = type == "integer" ? low + 2 + random.Next(2000) : low + 2.5m;
        }

        return schema;
    }

    private JsonObject Array(int depth)
    {
        var min = random.Next(3);
        var schema = new JsonObject { ["type"] = "array", ["items"] = Next(depth - 1) };
        if (random.Next(2) == 0)
        {
            schema["minItems"] = min;
        }

        if (random.Next(2) == 0)
        {
            schema["maxItems"] = min + random.Next(4);
        }

        if (random.Next(4) == 0)
        {
            schema["prefixItems"] = new JsonArray(Next(depth - 1), Next(0));
        }

        return schema;
    }

    private JsonObject Object(int depth)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var name in Names.OrderBy(_ => random.Next()).Take(random.Next(1, 5)))
        {
            properties[name] = Next(depth - 1);
            if (random.Next(2) == 0)
            {
                required.Add(name);
            }
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = required, ["additionalProperties"] = false };
        if (random.Next(5) == 0)
        {
            schema["additionalProperties"] = Next(0);
        }

        return schema;
    }

    private string SampleText(JsonElement schema)
    {
        var pieces = new[] { "a", "The", " ", "é", "東", "😀", "\"", "\\", "\n", "1", "restart" };
        var min = schema.TryGetProperty("minLength", out var low) ? low.GetInt32() : 0;
        var max = schema.TryGetProperty("maxLength", out var high) ? high.GetInt32() : 30;
        var text = string.Concat(Enumerable.Range(0, random.Next(0, 12)).Select(_ => pieces[random.Next(pieces.Length)]));
        var runes = text.EnumerateRunes().Take(max).ToList();
        while (runes.Count < min)
        {
            runes.Add(new System.Text.Rune('z'));
        }

        return JsonSpelling.Quoted(string.Concat(runes), WritableText.Everything);
    }

    private string SampleNumber(JsonElement schema, bool isWhole)
    {
        var low = schema.TryGetProperty("minimum", out var l) ? l.GetDecimal() : schema.TryGetProperty("exclusiveMinimum", out var el) ? el.GetDecimal() + (isWhole ? 1 : .001m) : (decimal?)null;
        var high = schema.TryGetProperty("maximum", out var h) ? h.GetDecimal() : schema.TryGetProperty("exclusiveMaximum", out var eh) ? eh.GetDecimal() - (isWhole ? 1 : .001m) : (decimal?)null;
        var from = low ?? ((high ?? 50) - 100);
        var to = high ?? (from + 200);
        var value = from + ((to - from) * random.Next(0, 1001) / 1000m);
        value = isWhole ? Math.Clamp(Math.Round(value), decimal.Ceiling(from), decimal.Floor(to)) : Math.Clamp(Math.Round(value, 3), from, to);
        return value.ToString(isWhole ? "0" : "0.0########", CultureInfo.InvariantCulture) is var text && text == "-0" ? "0" : value.ToString(isWhole ? "0" : "0.0########", CultureInfo.InvariantCulture);
    }

    private string SampleArray(JsonElement schema)
    {
        var first = schema.TryGetProperty("prefixItems", out var prefix) ? prefix.EnumerateArray().ToArray() : [];
        var min = schema.TryGetProperty("minItems", out var low) ? low.GetInt32() : 0;
        var max = schema.TryGetProperty("maxItems", out var high) ? high.GetInt32() : min + 3;
        var items = Enumerable.Range(0, random.Next(min, max + 1)).Select(i => Sample(i < first.Length ? first[i] : schema.GetProperty("items")));
        return $"[{string.Join(Space(","), items)}]";
    }

    private string SampleObject(JsonElement schema)
    {
        var required = schema.GetProperty("required").EnumerateArray().Select(n => n.GetString()).ToHashSet();
        var members = schema.GetProperty("properties").EnumerateObject().Where(m => required.Contains(m.Name) || random.Next(2) == 0)
            .Select(m => JsonSpelling.Quoted(m.Name, WritableText.Everything) + Space(":") + Sample(m.Value)).ToList();
        if (schema.GetProperty("additionalProperties").ValueKind == JsonValueKind.Object && random.Next(2) == 0)
        {
            members.Add("\"more\"" + Space(":") + Sample(schema.GetProperty("additionalProperties")));
        }

        return $"{{{string.Join(Space(","), members)}}}";
    }

    private string Space(string sign) => random.Next(2) == 0 ? sign : sign + " ";
}
