using System.Text.Json;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Gateway.Answers;

/// <summary>Log probabilities in OpenAI's two shapes: the <c>content</c> of a chat, and the four lists of a completion.</summary>
internal static class LogprobJson
{
    /// <summary>Writes the member <c>logprobs</c>; <paramref name="textOffsets"/> are those of <see cref="PartLogprobs"/>.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<JsonElement> tokens, IReadOnlyList<int> textOffsets, bool isChat)
    {
        if (tokens.Count == 0)
        {
            json.WriteNull("logprobs"u8);
            return;
        }

        json.WriteStartObject("logprobs"u8);
        if (isChat)
        {
            WriteList(json, "content"u8, tokens, token => token.WriteTo(json));
            json.WriteNull("refusal"u8);
        }
        else
        {
            WriteList(json, "tokens"u8, tokens, token => token.GetProperty("token"u8).WriteTo(json));
            WriteList(json, "token_logprobs"u8, tokens, token => token.GetProperty("logprob"u8).WriteTo(json));
            WriteList(json, "top_logprobs"u8, tokens, token => WriteTop(json, token));
            WriteList(json, "text_offset"u8, textOffsets, json.WriteNumberValue);
        }

        json.WriteEndObject();
    }

    private static void WriteList<T>(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<T> entries, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var entry in entries)
        {
            write(entry);
        }

        json.WriteEndArray();
    }

    /// <summary>
    /// Alternatives by their text, and the chosen token when it is none of them. Parts of a character may look alike: the likelier one,
    /// which comes first, stays.
    /// </summary>
    private static void WriteTop(Utf8JsonWriter json, JsonElement token)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        json.WriteStartObject();
        foreach (var alternative in token.GetProperty("top_logprobs"u8).EnumerateArray().Append(token))
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
