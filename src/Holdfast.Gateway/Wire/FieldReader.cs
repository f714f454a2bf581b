using System.Globalization;
using System.Text.Json;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Gateway.Wire;

/// <summary>Reads one member's value; null is absent, a wrong type is a fault that names the member.</summary>
internal static class FieldReader
{
    public static void Fault(ref AnswerFault? fault, string name, string wanted) =>
        fault ??= Refusals.BadRequest("invalid_type", $"'{name}' must be {wanted}.", name);

    public static string? Text(ref Utf8JsonReader reader, string name, ref AnswerFault? fault)
    {
        if (reader.TokenType is JsonTokenType.String or JsonTokenType.Null)
        {
            return reader.GetString();
        }

        Fault(ref fault, name, "a string");
        reader.Skip();
        return null;
    }

    public static bool? Flag(ref Utf8JsonReader reader, string name, ref AnswerFault? fault)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.True: return true;
            case JsonTokenType.False: return false;
            case JsonTokenType.Null: return null;
            default:
                Fault(ref fault, name, "true or false");
                reader.Skip();
                return null;
        }
    }

    public static double? Number(ref Utf8JsonReader reader, string name, ref AnswerFault? fault)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.TryGetDouble(out var value) && double.IsFinite(value) ? value : null;
        }

        if (reader.TokenType != JsonTokenType.Null)
        {
            Fault(ref fault, name, "a number");
            reader.Skip();
        }

        return null;
    }

    public static long? Long(ref Utf8JsonReader reader, string name, ref AnswerFault? fault)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var exact))
        {
            return exact;
        }

        // 1e2 and 100.0 are whole numbers too; what is beyond 2^53 stays upstream's to read.
        return Number(ref reader, name, ref fault) is { } value && Math.Floor(value) == value && Math.Abs(value) < 1L << 53 ? (long)value : null;
    }

    public static int? Int(ref Utf8JsonReader reader, string name, ref AnswerFault? fault) =>
        Long(ref reader, name, ref fault) is { } value and >= int.MinValue and <= int.MaxValue ? (int)value : null;

    /// <summary>One string or an array of them.</summary>
    public static IReadOnlyList<string> Strings(ref Utf8JsonReader reader, string name, ref AnswerFault? fault)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return [];
            case JsonTokenType.String:
                return [reader.GetString()!];
            case JsonTokenType.StartArray:
                var items = new List<string>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    // A null left out would shift what stands behind it.
                    if (reader.TokenType == JsonTokenType.Null)
                    {
                        Fault(ref fault, name, "a string or an array of strings");
                    }
                    else if (Text(ref reader, name, ref fault) is { } item)
                    {
                        items.Add(item);
                    }
                }

                return items;
            default:
                Fault(ref fault, name, "a string or an array of strings");
                reader.Skip();
                return [];
        }
    }

    public static IReadOnlyDictionary<int, double> Bias(ref Utf8JsonReader reader, ref AnswerFault? fault)
    {
        var biases = new Dictionary<int, double>();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            if (reader.TokenType != JsonTokenType.Null)
            {
                Fault(ref fault, "logit_bias", "an object");
                reader.Skip();
            }

            return biases;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isToken = int.TryParse(reader.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var token);
            reader.Read();
            if (!isToken || reader.TokenType != JsonTokenType.Number)
            {
                Fault(ref fault, "logit_bias", "an object of token numbers with a number each");
                reader.Skip();
                continue;
            }

            biases[token] = reader.GetDouble();
        }

        return biases;
    }

    /// <summary>The value as it stands, over the request's own bytes.</summary>
    public static JsonElement? Raw(ReadOnlyMemory<byte> body, ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return Parse(body[start..(int)reader.BytesConsumed]);
    }

    /// <summary>Not disposed: the element lives as long as the request, over bytes that no pool takes back.</summary>
    public static JsonElement Parse(ReadOnlyMemory<byte> json) =>
        JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1_000 }).RootElement;
}
