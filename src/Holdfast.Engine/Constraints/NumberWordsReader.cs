using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Holdfast.Engine.Constraints;

/// <summary>The keywords of numbers to a range on the grid of 10^-9, in which a number lies for who reads it exactly and for who reads it as a double.</summary>
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

    // From here on doubles are whole numbers, and readers with whole numbers of their own (Python's) compare a double with a bound exactly.
    private const double WholeDoublesFrom = 1L << 53;

    public static NumberRange Read(string place, JsonElement schema, bool isWhole)
    {
        var (formatLow, formatHigh) = Format(place, schema, isWhole);
        var low = Bound(place, schema, "minimum", isWhole, isLow: true, IsOpen(schema, "exclusiveMinimum"));
        var lowOpen = Bound(place, schema, "exclusiveMinimum", isWhole, isLow: true, isOpen: true);
        var high = Bound(place, schema, "maximum", isWhole, isLow: false, IsOpen(schema, "exclusiveMaximum"));
        var highOpen = Bound(place, schema, "exclusiveMaximum", isWhole, isLow: false, isOpen: true);
        var range = new NumberRange(
            isWhole,
            Int128.Max(formatLow, Int128.Max(low ?? formatLow, lowOpen ?? formatLow)),
            Int128.Min(formatHigh, Int128.Min(high ?? formatHigh, highOpen ?? formatHigh)))
        {
            HasRange = low is not null || lowOpen is not null || high is not null || highOpen is not null,
        };
        return range.Low <= range.High && range.Low < NumberRange.Limit && range.High > -NumberRange.Limit
            ? range
            : throw new SchemaFault($"{place}: no {(isWhole ? "whole " : "")}number of up to {NumberRange.WholeDigitsMax} digits lies between 'minimum' and 'maximum', for those too who read it as a double");
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

    // Draft 4 and OpenAPI 3.0: true beside a bound opens it.
    private static bool IsOpen(JsonElement schema, string word) => schema.TryGetProperty(word, out var value) && value.ValueKind == JsonValueKind.True;

    private static Int128? Bound(string place, JsonElement schema, string word, bool isWhole, bool isLow, bool isOpen)
    {
        if (!schema.TryGetProperty(word, out var value))
        {
            return null;
        }

        var besides = isLow ? "minimum" : "maximum";
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False && word != besides)
        {
            return value.ValueKind == JsonValueKind.False || schema.TryGetProperty(besides, out _)
                ? null
                : throw new SchemaFault($"{place}: '{word}' is true, and there is no '{besides}' to be open");
        }

        if (value.ValueKind != JsonValueKind.Number)
        {
            throw new SchemaFault($"{place}: '{word}' must be a number");
        }

        var (isNegative, digits, exponent) = JsonValues.Parts(value.GetRawText());
        if (digits.Length + exponent > NumberRange.WholeDigitsMax + 1)
        {
            return isNegative ? -NumberRange.Limit : NumberRange.Limit;
        }

        if (exponent < -NumberRange.FractionDigitsMax && !isWhole)
        {
            throw new SchemaFault($"{place}: '{word}' has more than {NumberRange.FractionDigitsMax} digits after the point");
        }

        // An upper bound is the lower bound of the numbers with the other sign.
        var sign = isNegative == isLow ? -1 : 1;
        var border = sign * Math.Abs(value.GetDouble());
        var scaled = isWhole && exponent < 0 ? WholeFrom(sign, digits, (int)BigInteger.Max(0, digits.Length + exponent)) : sign * Scaled(digits, (int)exponent);
        var least = LeastFrom(scaled, isWhole ? NumberRange.Scale : 1, number => isOpen
            ? AsDouble(number) > border
            : isWhole || Math.Abs(border) < WholeDoublesFrom || (Int128)AsDouble(number) * NumberRange.Scale >= scaled);
        return isLow ? least : -least;
    }

    /// <summary>
    /// The least number, <paramref name="step"/> by step, that the reader of a double still takes to be inside: 99999999.999999999 is
    /// below 1e8, and its double is not.
    /// </summary>
    private static Int128 LeastFrom(Int128 scaled, Int128 step, Func<Int128, bool> isInside)
    {
        var (outside, inside) = (-1L, 0L);
        while (!isInside(scaled + (inside * step)))
        {
            (outside, inside) = (inside, (2 * inside) + 1);
        }

        while (inside - outside > 1)
        {
            var middle = (outside + inside) / 2;
            (outside, inside) = isInside(scaled + (middle * step)) ? (outside, middle) : (middle, inside);
        }

        return scaled + (inside * step);
    }

    private static double AsDouble(Int128 scaled) => double.Parse($"{scaled}e-{NumberRange.FractionDigitsMax}", CultureInfo.InvariantCulture);

    private static Int128 Scaled(string digits, int exponent) =>
        digits.Length == 0 ? 0 : Int128.Parse(digits, CultureInfo.InvariantCulture) * NumberRange.Power(exponent + NumberRange.FractionDigitsMax);

    // The least whole number above one with a fraction.
    private static Int128 WholeFrom(int sign, string digits, int wholeDigits)
    {
        var whole = wholeDigits == 0 ? 0 : Int128.Parse(digits[..wholeDigits], CultureInfo.InvariantCulture);
        return (sign < 0 ? -whole : whole + 1) * NumberRange.Scale;
    }
}
