using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Engine.Constraints;

/// <summary>
/// JSON values as JSON Schema compares them: numbers by what they amount to (1, 1.0 and 10e-1 are one), objects without order. No number
/// is written out: of one with a huge exponent only its digits and the exponent are held.
/// </summary>
internal static class JsonValues
{
    /// <summary>Equal for equal values and for no others.</summary>
    public static string Key(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => NumberKey(value.GetRawText()),
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(Key))}]",
        JsonValueKind.Object => $"{{{string.Join(',', value.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal).Select(m => $"{JsonSpelling.Quoted(m.Name, WritableText.Everything)}:{Key(m.Value)}"))}}}",
        _ => JsonSpelling.Of(value, WritableText.Everything),
    };

    /// <summary>Whether a value is of a type of JSON Schema, where 1.0 and 1e40 are integers.</summary>
    public static bool IsOfType(JsonElement value, string type) => value.ValueKind switch
    {
        JsonValueKind.String => type == "string",
        JsonValueKind.Number => type == "number" || (type == "integer" && Parts(value.GetRawText()).Exponent >= 0),
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        JsonValueKind.Null => type == "null",
        JsonValueKind.Array => type == "array",
        _ => type == "object",
    };

    public static JsonTypes TypesOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => JsonTypes.Text,
        JsonValueKind.Number => IsOfType(value, "integer") ? JsonTypes.Whole : JsonTypes.Fraction,
        JsonValueKind.True or JsonValueKind.False => JsonTypes.Boolean,
        JsonValueKind.Null => JsonTypes.Null,
        JsonValueKind.Array => JsonTypes.Array,
        _ => JsonTypes.Object,
    };

    public static JsonTypes TypesNamed(string name) => name switch
    {
        "string" => JsonTypes.Text,
        "integer" => JsonTypes.Whole,
        "number" => JsonTypes.Number,
        "boolean" => JsonTypes.Boolean,
        "null" => JsonTypes.Null,
        "array" => JsonTypes.Array,
        "object" => JsonTypes.Object,
        _ => JsonTypes.None,
    };

    /// <summary>Why a constant cannot be written so that every reader takes it for what it is, or null.</summary>
    public static string? Fault(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                var digits = Parts(value.GetRawText()).Digits;
                return double.IsFinite(value.GetDouble()) && (value.GetDouble() != 0 || digits.Length == 0) ? null : $"the number {value.GetRawText()} lies beyond what a double holds";
            case JsonValueKind.Array:
                return value.EnumerateArray().Select(Fault).FirstOrDefault(f => f is not null);
            case JsonValueKind.Object:
                var twice = value.EnumerateObject().GroupBy(m => m.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Skip(1).Any());
                return twice is not null ? $"an object holds '{twice.Key}' twice" : value.EnumerateObject().Select(m => Fault(m.Value)).FirstOrDefault(f => f is not null);
            default:
                return null;
        }
    }

    /// <summary>Digits without zeros at either end, and the power of ten of the last one.</summary>
    public static (bool IsNegative, string Digits, BigInteger Exponent) Parts(string text)
    {
        var end = text.AsSpan().IndexOfAny('e', 'E');
        var exponent = end < 0 ? BigInteger.Zero : BigInteger.Parse(text.AsSpan(end + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = (end < 0 ? text : text[..end]).TrimStart('-');
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var fraction = point < 0 ? "" : mantissa[(point + 1)..];
        var all = ((point < 0 ? mantissa : mantissa[..point]) + fraction).TrimStart('0');
        var digits = all.TrimEnd('0');
        return (text[0] == '-', digits, digits.Length == 0 ? 0 : exponent - fraction.Length + all.Length - digits.Length);
    }

    private static string NumberKey(string text)
    {
        var (isNegative, digits, exponent) = Parts(text);
        return digits.Length == 0 ? "0" : $"{(isNegative ? "-" : "")}{digits}e{exponent}";
    }
}
