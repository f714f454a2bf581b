using System.Text.Json;

namespace Holdfast.Engine.Constraints;

/// <summary>The keywords of numbers to a range on the grid of 10^-9.</summary>
internal static class NumberWordsReader
{
    // OpenAPI's formats of numbers. The floating ones and the 64 bits hold whatever is written here, 18 digits at most.
    private static readonly Dictionary<string, (long Low, long High)?> Formats = new()
    {
        ["int8"] = (sbyte.MinValue, sbyte.MaxValue),
        ["uint8"] = (0, byte.MaxValue),
        ["int16"] = (short.MinValue, short.MaxValue),
        ["uint16"] = (0, ushort.MaxValue),
        ["int32"] = (int.MinValue, int.MaxValue),
        ["uint32"] = (0, uint.MaxValue),
        ["uint64"] = (0, long.MaxValue),
        ["int64"] = null,
        ["float"] = null,
        ["double"] = null,
        ["decimal"] = null,
    };

    public static NumberRange Read(string place, JsonElement schema, bool isWhole)
    {
        var (formatLow, formatHigh) = Format(place, schema, isWhole);
        var low = Bound(place, schema, "minimum", isWhole, isLow: true, isExclusive: false) ?? -NumberRange.Limit;
        var lowExclusive = Bound(place, schema, "exclusiveMinimum", isWhole, isLow: true, isExclusive: true) ?? -NumberRange.Limit;
        var high = Bound(place, schema, "maximum", isWhole, isLow: false, isExclusive: false) ?? NumberRange.Limit;
        var highExclusive = Bound(place, schema, "exclusiveMaximum", isWhole, isLow: false, isExclusive: true) ?? NumberRange.Limit;
        var range = new NumberRange(isWhole, Int128.Max(formatLow, Int128.Max(low, lowExclusive)), Int128.Min(formatHigh, Int128.Min(high, highExclusive)));
        return range.Low <= range.High && range.Low < NumberRange.Limit && range.High > -NumberRange.Limit
            ? range
            : throw new SchemaFault($"{place}: no {(isWhole ? "whole " : "")}number of up to {NumberRange.WholeDigitsMax} digits lies between 'minimum' and 'maximum'");
    }

    private static (Int128 Low, Int128 High) Format(string place, JsonElement schema, bool isWhole)
    {
        // A format of texts says nothing of numbers.
        if (!schema.TryGetProperty("format", out var format) || Constraints.Formats.Patterns.ContainsKey(format.GetString()!))
        {
            return (-NumberRange.Limit, NumberRange.Limit);
        }

        if (!Formats.TryGetValue(format.GetString()!, out var bounds) || (bounds is not null && !isWhole))
        {
            throw new SchemaFault($"{place}: the format '{format}' is not enforced for {(isWhole ? "whole " : "")}numbers; known are {string.Join(", ", Formats.Where(f => isWhole || f.Value is null).Select(f => f.Key))}");
        }

        return bounds is var (low, high) ? (Int128.Max(low * NumberRange.Scale, -NumberRange.Limit), Int128.Min(high * NumberRange.Scale, NumberRange.Limit)) : (-NumberRange.Limit, NumberRange.Limit);
    }

    private static Int128? Bound(string place, JsonElement schema, string word, bool isWhole, bool isLow, bool isExclusive)
    {
        if (!schema.TryGetProperty(word, out var value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDecimal(out var bound))
        {
            throw new SchemaFault($"{place}: '{word}' must be a number of at most 28 digits");
        }

        if (Math.Abs(bound) >= 1_000_000_000_000_000_000m)
        {
            return bound < 0 ? -NumberRange.Limit : NumberRange.Limit;
        }

        if (isWhole)
        {
            var whole = isLow ? decimal.Ceiling(bound) : decimal.Floor(bound);
            whole += isExclusive && whole == bound ? (isLow ? 1 : -1) : 0;
            return (Int128)whole * NumberRange.Scale;
        }

        var part = (bound - decimal.Truncate(bound)) * 1_000_000_000m;
        if (part != decimal.Truncate(part))
        {
            throw new SchemaFault($"{place}: '{word}' has more than {NumberRange.FractionDigitsMax} digits after the point");
        }

        var scaled = ((Int128)decimal.Truncate(bound) * NumberRange.Scale) + (Int128)part;
        return isExclusive ? scaled + (isLow ? 1 : -1) : scaled;
    }
}
