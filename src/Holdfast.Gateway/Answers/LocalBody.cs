using System.Buffers;
using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Gateway.Exchanges;
using Holdfast.Gateway.Wire;

namespace Holdfast.Gateway.Answers;

/// <summary>Writes the whole answer of our own backends, in OpenAI's shapes.</summary>
internal static class LocalBody
{
    public static byte[] Write(Exchange x, AnswerLedger ledger)
    {
        var buffer = new ArrayBufferWriter<byte>(2 << 10);
        using (var json = new Utf8JsonWriter(buffer, JsonText.Writing))
        {
            var isChat = x.Kind == CallKind.Chat;
            json.WriteStartObject();
            json.WriteString("id"u8, (isChat ? "chatcmpl-" : "cmpl-") + x.Id);
            json.WriteString("object"u8, isChat ? "chat.completion"u8 : "text_completion"u8);
            json.WriteNumber("created"u8, x.At.ToUnixTimeSeconds());
            json.WriteString("model"u8, x.Model);
            json.WriteStartArray("choices"u8);
            foreach (var choice in ledger.Choices.OrderBy(c => c.Index))
            {
                WriteChoice(json, x, choice, isChat);
            }

            json.WriteEndArray();
            if (x.Usage is { } usage)
            {
                AnswerJson.Usage(json, usage);
            }

            if (x.Retrieved is not null)
            {
                json.WritePropertyName("holdfast"u8);
                AnswerJson.Holdfast(json, x, x.Citations);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteChoice(Utf8JsonWriter json, Exchange x, ChoiceState choice, bool isChat)
    {
        json.WriteStartObject();
        json.WriteNumber("index"u8, choice.Index);
        if (isChat)
        {
            WriteMessage(json, x, choice);
        }
        else
        {
            json.WriteString("text"u8, choice.Text.ToString());
        }

        LogprobJson.Write(json, choice.Logprobs, choice.TextOffsets, isChat);
        json.WriteString("finish_reason"u8, choice.FinishReason);
        json.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter json, Exchange x, ChoiceState choice)
    {
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        if (choice.Text.Length == 0 && choice.ToolCalls.Count > 0)
        {
            json.WriteNull("content"u8);
        }
        else
        {
            json.WriteString("content"u8, choice.Text.ToString());
        }

        json.WriteNull("refusal"u8);
        if (choice.Reasoning is { } reasoning)
        {
            json.WriteString("reasoning_content"u8, reasoning.ToString());
        }

        if (x.Retrieved is not null)
        {
            json.WritePropertyName("annotations"u8);
            AnswerJson.Annotations(json, x, choice.Citations);
        }

        if (choice.ToolCalls.Count > 0)
        {
            WriteCalls(json, choice);
        }

        json.WriteEndObject();
    }

    private static void WriteCalls(Utf8JsonWriter json, ChoiceState choice)
    {
        json.WriteStartArray("tool_calls"u8);
        foreach (var call in choice.ToolCalls.Values)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, call.Id);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, call.Name);
            json.WriteString("arguments"u8, call.Arguments.ToString());
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
