using System.Text.Json;

namespace Holdfast.Gateway.Answers;

/// <summary>Log probabilities in OpenAI's two shapes: the <c>content</c> of a chat, and the four lists of a completion.</summary>
internal static class LogprobJson
{
    /// <summary>Writes the member <c>logprobs</c> and returns where the text behind these tokens begins, in UTF-16 units.</summary>
    public static int Write(Utf8JsonWriter json, IReadOnlyList<JsonElement> tokens, bool isChat, int textOffset)
    {
        if (tokens.Count == 0)
        {
            json.WriteNull("logprobs"u8);
            return textOffset;
        }

        json.WriteStartObject("logprobs"u8);
        if (isChat)
        {
            WriteList(json, "content"u8, tokens, token => token.WriteTo(json));
        }
        else
        {
            WriteList(json, "tokens"u8, tokens, token => token.GetProperty("token"u8).WriteTo(json));
            WriteList(json, "token_logprobs"u8, tokens, token => token.GetProperty("logprob"u8).WriteTo(json));
            WriteList(json, "top_logprobs"u8, tokens, token => WriteTop(json, token.GetProperty("top_logprobs"u8)));
            WriteList(json, "text_offset"u8, tokens, token =>
            {
                json.WriteNumberValue(textOffset);
                textOffset += token.GetProperty("token"u8).GetString()!.Length;
            });
        }

        json.WriteEndObject();
        return textOffset;
    }

    private static void WriteList(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<JsonElement> tokens, Action<JsonElement> write)
    {
        json.WriteStartArray(name);
        foreach (var token in tokens)
        {
            write(token);
        }

        json.WriteEndArray();
    }

    /// <summary>Alternatives by their text. Parts of a character may look alike: the likelier one, which comes first, stays.</summary>
    private static void WriteTop(Utf8JsonWriter json, JsonElement alternatives)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        json.WriteStartObject();
        foreach (var alternative in alternatives.EnumerateArray())
        {
            if (alternative.GetProperty("token"u8).GetString() is { } text && seen.Add(text))
            {
                json.WritePropertyName(text);
                alternative.GetProperty("logprob"u8).WriteTo(json);
            }
        }

        json.WriteEndObject();
    }
}
