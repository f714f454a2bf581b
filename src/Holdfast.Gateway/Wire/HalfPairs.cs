using System.Globalization;
using System.Text.Json;

namespace Holdfast.Gateway.Wire;

/// <summary>Finds a JSON string with half of a surrogate pair: whoever reads it later, here or upstream, could only fail on it.</summary>
internal static class HalfPairs
{
    /// <summary>Where such a string begins, or null. Throws <see cref="JsonException"/> for what is no JSON.</summary>
    public static int? Find(ReadOnlySpan<byte> json, int depthMax)
    {
        // Only an escape can be half a pair: the bytes are UTF-8. Nearly every body has none and is not walked.
        if (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0)
        {
            return null;
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = depthMax });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped && IsBroken(reader.ValueSpan))
            {
                return (int)reader.TokenStartIndex;
            }
        }

        return null;
    }

    /// <summary>The reader has seen that the escapes themselves are well formed.</summary>
    private static bool IsBroken(ReadOnlySpan<byte> text)
    {
        var isAfterHigh = false;
        for (var i = 0; i < text.Length; i++)
        {
            var unit = '\0';
            if (text[i] == '\\')
            {
                var isUnit = text[i + 1] == 'u';
                unit = isUnit ? (char)ushort.Parse(text.Slice(i + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : unit;
                i += isUnit ? 5 : 1;
            }

            if (isAfterHigh != char.IsLowSurrogate(unit))
            {
                return true;
            }

            isAfterHigh = char.IsHighSurrogate(unit);
        }

        return isAfterHigh;
    }
}
