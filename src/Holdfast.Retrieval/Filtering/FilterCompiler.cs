using System.Text;
using System.Text.Json;
using Holdfast.Abstractions.Searching;

namespace Holdfast.Retrieval.Filtering;

/// <summary>
/// Turns the filter object of the OpenAI vector store API into SQL. Negations (<c>ne</c>, <c>nin</c>) are the exact opposite of their
/// positive form, so a document without the attribute passes them. Types are strict: <c>"7"</c> is not 7. The first fault ends the
/// reading; it names its place as <c>filters.filters[1].key</c>.
/// </summary>
internal sealed class FilterCompiler
{
    private readonly RetrievalOptions _options;
    private readonly StringBuilder _sql = new();
    private readonly List<object?> _values = [];
    private readonly int _parameterFirst;
    private int _conditions;

    private FilterCompiler(RetrievalOptions options, int parameterFirst)
    {
        _options = options;
        _parameterFirst = parameterFirst;
    }

    /// <summary>Parameters are numbered from <paramref name="parameterFirst"/>, as <c>$3</c>.</summary>
    public static CompiledFilter? Compile(JsonElement filter, RetrievalOptions options, int parameterFirst, out SearchFault? fault)
    {
        var compiler = new FilterCompiler(options, parameterFirst);
        fault = compiler.Node(filter, "filters", depth: 1);
        return fault is null ? new CompiledFilter(compiler._sql.ToString(), compiler._values) : null;
    }

    private SearchFault? Node(JsonElement node, string place, int depth)
    {
        if (node.ValueKind != JsonValueKind.Object)
        {
            return Fault(place, "must be an object with a type");
        }

        if (depth > _options.FilterDepthMax)
        {
            return Fault(place, FormattableString.Invariant($"lies deeper than {_options.FilterDepthMax} levels (retrieval.filterDepthMax)"));
        }

        if (!node.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
        {
            return Fault(place + ".type", "must be one of and, or, eq, ne, gt, gte, lt, lte, in, nin");
        }

        return type.GetString() switch
        {
            "and" => Group(node, place, depth, " AND "),
            "or" => Group(node, place, depth, " OR "),
            "eq" or "ne" or "gt" or "gte" or "lt" or "lte" or "in" or "nin" => Comparison(node, place, type.GetString()!),
            var other => Fault(place + ".type", $"is '{other}'; it must be one of and, or, eq, ne, gt, gte, lt, lte, in, nin"),
        };
    }

    private SearchFault? Group(JsonElement node, string place, int depth, string joiner)
    {
        if (UnknownMember(node, place, "filters") is { } unknown)
        {
            return unknown;
        }

        if (!node.TryGetProperty("filters", out var filters) || filters.ValueKind != JsonValueKind.Array || filters.GetArrayLength() == 0)
        {
            return Fault(place + ".filters", "must be a list of at least one filter");
        }

        var index = 0;
        _sql.Append('(');
        foreach (var child in filters.EnumerateArray())
        {
            _sql.Append(index > 0 ? joiner : "");
            if (Node(child, FormattableString.Invariant($"{place}.filters[{index++}]"), depth + 1) is { } fault)
            {
                return fault;
            }
        }

        _sql.Append(')');
        return null;
    }

    private SearchFault? Comparison(JsonElement node, string place, string type)
    {
        if (++_conditions > _options.FilterConditionsMax)
        {
            return Fault(place, FormattableString.Invariant($"is one condition more than {_options.FilterConditionsMax} (retrieval.filterConditionsMax)"));
        }

        if (UnknownMember(node, place, "key", "value") is { } unknown)
        {
            return unknown;
        }

        if (!node.TryGetProperty("key", out var key) || key.ValueKind != JsonValueKind.String || key.GetString() is not { Length: > 0 and <= 256 } name)
        {
            return Fault(place + ".key", "must be the name of an attribute, 1 to 256 characters");
        }

        if (!node.TryGetProperty("value", out var value))
        {
            return Fault(place + ".value", "is missing");
        }

        if (type is not ("in" or "nin"))
        {
            return Values(name, type, [value], place + ".value");
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0 || value.GetArrayLength() > _options.FilterValuesMax)
        {
            return Fault(place + ".value", FormattableString.Invariant($"must be a list of 1 to {_options.FilterValuesMax} values (retrieval.filterValuesMax)"));
        }

        return Values(name, type, [.. value.EnumerateArray()], place + ".value");
    }

    private SearchFault? Values(string key, string type, IReadOnlyList<JsonElement> values, string place)
    {
        var isNegated = type is "ne" or "nin";
        var sign = type switch { "gt" => ">", "gte" => ">=", "lt" => "<", "lte" => "<=", _ => "=" };
        _sql.Append(isNegated ? "NOT (" : "(");
        for (var index = 0; index < values.Count; index++)
        {
            var value = FilterValue.From(values[index]);
            if (value is null || (sign != "=" && value.Value.Kind == JsonValueKind.True))
            {
                var here = values.Count > 1 || type is "in" or "nin" ? FormattableString.Invariant($"{place}[{index}]") : place;
                return Fault(here, sign == "=" ? "must be a string, a number or a boolean" : $"must be a string or a number for {type}");
            }

            _sql.Append(index > 0 ? " OR " : "");
            Condition(key, sign, value.Value);
        }

        _sql.Append(')');
        return null;
    }

    private void Condition(string key, string sign, FilterValue value)
    {
        if (BuiltInKey.Find(key) is { } builtIn)
        {
            // A value of another type equals nothing; coalesce keeps NOT exact where the column is empty.
            _sql.Append(builtIn.IsNumber == value.IsNumber && value.Kind != JsonValueKind.True
                ? $"coalesce({builtIn.Sql} {sign} {Parameter(value.Data)}, 0)"
                : "0");
            return;
        }

        var column = value.Kind == JsonValueKind.String ? "text" : "number";
        _sql.Append("d.number IN (SELECT document FROM attribute WHERE key = ").Append(Parameter(key))
            .Append(" AND kind = ").Append(Parameter((long)value.StoredKind))
            .Append(" AND ").Append(column).Append(' ').Append(sign).Append(' ').Append(Parameter(value.Data)).Append(')');
    }

    private string Parameter(object value)
    {
        _values.Add(value);
        return FormattableString.Invariant($"${_parameterFirst + _values.Count - 1}");
    }

    private static SearchFault? UnknownMember(JsonElement node, string place, params ReadOnlySpan<string> known)
    {
        foreach (var member in node.EnumerateObject())
        {
            if (member.Name != "type" && !known.Contains(member.Name))
            {
                return Fault($"{place}.{member.Name}", $"is unknown here; known are type, {string.Join(", ", known.ToArray())}");
            }
        }

        return null;
    }

    private static SearchFault Fault(string place, string says) => new(IsUnknownCollection: false, place, $"{place} {says}");
}
