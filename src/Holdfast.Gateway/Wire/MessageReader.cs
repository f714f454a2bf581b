using System.Text;
using System.Text.Json;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Gateway.Wire;

/// <summary>Reads one chat message. Its own bytes are kept only when it holds more than a role and one text.</summary>
internal static class MessageReader
{
    public static ChatMessage Read(ReadOnlyMemory<byte> body, ref Utf8JsonReader reader, int index, ref AnswerFault? fault, ref AnswerFault? ownFault)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            FieldReader.Fault(ref fault, $"messages[{index}]", "an object");
            reader.Skip();
            return new ChatMessage { Role = "", Text = "" };
        }

        var start = (int)reader.TokenStartIndex;
        string? role = null;
        var text = "";
        var hasMedia = false;
        var isPlain = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isRole = reader.ValueTextEquals("role"u8);
            var isContent = !isRole && reader.ValueTextEquals("content"u8);
            var isCalls = reader.ValueTextEquals("tool_calls"u8);
            var isOldCall = reader.ValueTextEquals("function_call"u8);
            reader.Read();
            if (isRole && reader.TokenType == JsonTokenType.String)
            {
                role = Known(ref reader);
            }
            else if (isContent && reader.TokenType is JsonTokenType.String or JsonTokenType.Null)
            {
                text = reader.GetString() ?? "";
            }
            else if (isContent && reader.TokenType == JsonTokenType.StartArray)
            {
                (text, hasMedia) = ReadParts(ref reader, index, ref fault);
                isPlain = false;
            }
            else
            {
                CheckType(isRole, isContent, index, ref fault);
                fault ??= isCalls ? CallsFault(reader, index) : null;
                ownFault ??= isOldCall && reader.TokenType != JsonTokenType.Null ? OldCall(index) : null;
                reader.Skip();
                isPlain = false;
            }
        }

        if (role is null)
        {
            fault ??= Refusals.BadRequest("missing_parameter", $"'messages[{index}].role' is missing.", $"messages[{index}].role");
        }

        return new ChatMessage
        {
            Role = role ?? "",
            Text = text,
            HasMedia = hasMedia,
            Raw = isPlain ? null : FieldReader.Parse(body[start..(int)reader.BytesConsumed]),
        };
    }

    private static void CheckType(bool isRole, bool isContent, int index, ref AnswerFault? fault)
    {
        if (isRole)
        {
            FieldReader.Fault(ref fault, $"messages[{index}].role", "a string");
        }
        else if (isContent)
        {
            FieldReader.Fault(ref fault, $"messages[{index}].content", "a string or an array of parts");
        }
    }

    /// <summary>Takes the reader by value: what is looked at here is read again.</summary>
    private static AnswerFault? CallsFault(Utf8JsonReader reader, int index)
    {
        AnswerFault? fault = null;
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            FieldReader.Fault(ref fault, $"messages[{index}].tool_calls", "an array of calls");
            return fault;
        }

        for (var call = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; call++)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                FieldReader.Fault(ref fault, $"messages[{index}].tool_calls[{call}]", "an object");
            }

            reader.Skip();
        }

        return fault;
    }

    /// <summary>What chats had before <c>tool_calls</c>.</summary>
    private static AnswerFault OldCall(int index) =>
        Refusals.Unsupported($"messages[{index}].function_call", $"'messages[{index}].function_call' is not supported by this model; write the call as 'tool_calls'.");

    private static string Known(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("user"u8) ? "user"
        : reader.ValueTextEquals("assistant"u8) ? "assistant"
        : reader.ValueTextEquals("system"u8) ? "system"
        : reader.GetString()!;

    /// <summary>Text parts joined by a line break; any other kind of part is media.</summary>
    private static (string Text, bool HasMedia) ReadParts(ref Utf8JsonReader reader, int message, ref AnswerFault? fault)
    {
        var all = new StringBuilder();
        var hasMedia = false;
        for (var part = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; part++)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                hasMedia = true;
                continue;
            }

            if (ReadPart(ref reader, $"messages[{message}].content[{part}].text", ref fault) is not { } text)
            {
                hasMedia = true;
                continue;
            }

            if (all.Length > 0)
            {
                all.Append('\n');
            }

            all.Append(text);
        }

        return (all.ToString(), hasMedia);
    }

    /// <summary>The part's text; null when it is of another kind, or names none and has no text.</summary>
    private static string? ReadPart(ref Utf8JsonReader reader, string name, ref AnswerFault? fault)
    {
        string? text = null;
        bool? isText = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                isText = reader.TokenType == JsonTokenType.String && (reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("refusal"u8));
                reader.Skip();
            }
            else if (reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("refusal"u8))
            {
                reader.Read();
                text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                reader.Skip();
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        if (isText == true && text is null)
        {
            FieldReader.Fault(ref fault, name, "a string");
            return "";
        }

        return isText == false ? null : text;
    }
}
