using System.Buffers;
using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Gateway.Exchanges;
using Holdfast.Gateway.Wire;

namespace Holdfast.Gateway.Answers;

/// <summary>Writes the frames of a streamed answer of our own backends, in OpenAI's shapes.</summary>
internal sealed class LocalFrames(Exchange x)
{
    private readonly ArrayBufferWriter<byte> _buffer = new(512);
    private readonly bool _isChat = x.Kind == CallKind.Chat;
    private readonly string _id = (x.Kind == CallKind.Chat ? "chatcmpl-" : "cmpl-") + x.Id;
    private readonly long _created = x.At.ToUnixTimeSeconds();
    private bool _hasHoldfast;

    /// <summary>The first frame of a choice, with the role.</summary>
    public ReadOnlyMemory<byte> Role(int choice) => Frame(json =>
    {
        json.WriteNumber("index"u8, choice);
        json.WriteStartObject("delta"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("content"u8, ""u8);
        json.WriteEndObject();
        json.WriteNull("logprobs"u8);
        json.WriteNull("finish_reason"u8);
    });

    public ReadOnlyMemory<byte> Delta(AnswerPart part) => Frame(json =>
    {
        json.WriteNumber("index"u8, part.Choice);
        if (_isChat)
        {
            json.WriteStartObject("delta"u8);
            WriteDelta(json, part);
            json.WriteEndObject();
        }
        else
        {
            json.WriteString("text"u8, part.Text ?? "");
        }

        LogprobJson.Write(json, part.Logprobs is { } logprobs ? [.. logprobs.Content.EnumerateArray()] : [], part.Logprobs?.TextOffsets ?? [], _isChat);
        json.WriteNull("finish_reason"u8);
    });

    /// <summary>The frame with <c>finish_reason</c>; with the citations where retrieval ran, and once the <c>holdfast</c> object.</summary>
    public ReadOnlyMemory<byte> Finish(ChoiceState choice)
    {
        var isFirst = !_hasHoldfast;
        _hasHoldfast = true;
        return Frame(
            json =>
            {
                json.WriteNumber("index"u8, choice.Index);
                if (_isChat)
                {
                    json.WriteStartObject("delta"u8);
                    if (x.Retrieved is not null)
                    {
                        json.WritePropertyName("annotations"u8);
                        AnswerJson.Annotations(json, x, choice.Citations);
                    }

                    json.WriteEndObject();
                }
                else
                {
                    json.WriteString("text"u8, ""u8);
                }

                json.WriteNull("logprobs"u8);
                json.WriteString("finish_reason"u8, choice.FinishReason);
            },
            json =>
            {
                if (isFirst && x.Retrieved is not null)
                {
                    json.WritePropertyName("holdfast"u8);
                    AnswerJson.Holdfast(json, x, choice.Citations);
                }
            });
    }

    /// <summary>The frame with the usage and no choices, for a client that asked.</summary>
    public ReadOnlyMemory<byte> Usage(TokenUsage usage)
    {
        _buffer.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_buffer, JsonText.Writing);
        WriteHead(json);
        json.WriteStartArray("choices"u8);
        json.WriteEndArray();
        AnswerJson.Usage(json, usage);
        json.WriteEndObject();
        json.Flush();
        return _buffer.WrittenMemory;
    }

    private ReadOnlyMemory<byte> Frame(Action<Utf8JsonWriter> writeChoice, Action<Utf8JsonWriter>? writeTail = null)
    {
        _buffer.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_buffer, JsonText.Writing);
        WriteHead(json);
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        writeChoice(json);
        json.WriteEndObject();
        json.WriteEndArray();
        writeTail?.Invoke(json);
        if (x.Request!.WantsStreamUsage)
        {
            json.WriteNull("usage"u8);
        }

        json.WriteEndObject();
        json.Flush();
        return _buffer.WrittenMemory;
    }

    private void WriteHead(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, _id);
        json.WriteString("object"u8, _isChat ? "chat.completion.chunk"u8 : "text_completion"u8);
        json.WriteNumber("created"u8, _created);
        json.WriteString("model"u8, x.Model);
    }

    private static void WriteDelta(Utf8JsonWriter json, AnswerPart part)
    {
        if (part.Text is { } text)
        {
            json.WriteString("content"u8, text);
        }

        if (part.Reasoning is { } reasoning)
        {
            json.WriteString("reasoning_content"u8, reasoning);
        }

        if (part.ToolCall is not { } call)
        {
            return;
        }

        json.WriteStartArray("tool_calls"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, call.Index);
        if (call.Id is { } id)
        {
            json.WriteString("id"u8, id);
            json.WriteString("type"u8, "function"u8);
        }

        json.WriteStartObject("function"u8);
        if (call.Name is { } name)
        {
            json.WriteString("name"u8, name);
        }

        json.WriteString("arguments"u8, call.Arguments);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
