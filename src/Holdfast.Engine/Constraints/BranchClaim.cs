using System.Text.Json;

namespace Holdfast.Engine.Constraints;

/// <summary>
/// What a place of a schema says of its values, by the schema's own meaning and as far as branches are told apart by it. A value must hold
/// to each part of it. Says too little rather than too much, and is read when it is asked: the keywords may still be of any form.
/// </summary>
internal sealed class BranchClaim(string place, JsonElement schema, BranchClaims claims)
{
    // A chain of references may be as long as the request.
    private const int DepthMax = 64;

    private JsonTypes? _types;
    private HashSet<string>? _constants;
    private HashSet<string>? _required;
    private Dictionary<string, JsonElement>? _members;
    private IReadOnlyList<BranchClaim>[]? _choices;

    public JsonTypes Types => TypesOf(DepthMax);

    /// <summary>Where the values are some constants: their keys.</summary>
    public HashSet<string>? Constants => _constants ??= Values() is { } values ? [.. values.Select(JsonValues.Key)] : null;

    public HashSet<string> Required => _required ??= ReadRequired();

    /// <summary>Of each of these at least one holds: the parts of "allOf" and "$ref" one by one, the branches of a choice together.</summary>
    public IReadOnlyList<BranchClaim>[] Choices => _choices ??= [.. ReadChoices()];

    /// <summary>What a member must hold to if it is there, or null.</summary>
    public BranchClaim? Member(string name)
    {
        _members ??= ReadMembers();
        return _members.TryGetValue(name, out var member) ? claims.At($"{place}/properties/{SchemaPointer.Escape(name)}", member)
            : Word("additionalProperties") is { } more ? claims.At($"{place}/additionalProperties", more)
            : null;
    }

    public bool Excludes(NumberRange range)
    {
        var (low, high) = ((decimal)range.Low / (decimal)NumberRange.Scale, (decimal)range.High / (decimal)NumberRange.Scale);
        return Bound("maximum") < low || Bound("exclusiveMaximum") <= low || Bound("minimum") > high || Bound("exclusiveMinimum") >= high;
    }

    private JsonTypes TypesOf(int depth)
    {
        if (_types is { } known)
        {
            return known;
        }

        if (depth == 0 || schema.ValueKind != JsonValueKind.Object)
        {
            return schema.ValueKind == JsonValueKind.False ? JsonTypes.None : JsonTypes.All;
        }

        // Inside itself a place says nothing.
        _types = JsonTypes.All;
        var types = (Word("type") is { } type ? Named(type) : JsonTypes.All) & (Values()?.Aggregate(JsonTypes.None, (all, v) => all | JsonValues.TypesOf(v)) ?? JsonTypes.All);
        foreach (var choice in Choices)
        {
            types &= choice.Aggregate(JsonTypes.None, (all, branch) => all | branch.TypesOf(depth - 1));
        }

        _types = types;
        return types;
    }

    private static JsonTypes Named(JsonElement type) => type.ValueKind switch
    {
        JsonValueKind.Array => type.EnumerateArray().Aggregate(JsonTypes.None, (all, name) => all | JsonValues.TypesNamed(name.ToString())),
        JsonValueKind.String => JsonValues.TypesNamed(type.GetString()!),
        _ => JsonTypes.All,
    };

    private JsonElement[]? Values()
    {
        if ((Word("const") ?? Word("enum")) is not { } word)
        {
            return null;
        }

        claims.Spend(place, word.GetRawText().Length);
        return Word("const") is { } value ? [value] : word.ValueKind == JsonValueKind.Array ? [.. word.EnumerateArray()] : null;
    }

    private IEnumerable<IReadOnlyList<BranchClaim>> ReadChoices()
    {
        if (Word("$ref") is { ValueKind: JsonValueKind.String } pointer)
        {
            yield return [claims.Behind(place, pointer.GetString()!)];
        }

        foreach (var word in new[] { "allOf", "anyOf", "oneOf" })
        {
            if (Word(word) is not { ValueKind: JsonValueKind.Array } list)
            {
                continue;
            }

            BranchClaim[] all = [.. list.EnumerateArray().Select((branch, i) => claims.At($"{place}/{word}/{i}", branch))];
            foreach (var choice in word == "allOf" ? all.Select(one => new[] { one }) : [all])
            {
                yield return choice;
            }
        }
    }

    private HashSet<string> ReadRequired()
    {
        if (Word("required") is not { ValueKind: JsonValueKind.Array } names)
        {
            return [];
        }

        claims.Spend(place, names.GetArrayLength());
        return names.EnumerateArray().Select(n => n.ToString()).ToHashSet(StringComparer.Ordinal);
    }

    private Dictionary<string, JsonElement> ReadMembers()
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (Word("properties") is { ValueKind: JsonValueKind.Object } properties)
        {
            foreach (var member in properties.EnumerateObject())
            {
                claims.Spend(place, 1);
                members[member.Name] = member.Value;
            }
        }

        return members;
    }

    private decimal? Bound(string word) => Word(word) is { ValueKind: JsonValueKind.Number } bound && bound.TryGetDecimal(out var value) ? value : null;

    private JsonElement? Word(string word) => schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(word, out var value) ? value : null;
}
