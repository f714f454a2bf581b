using System.Text.Json;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Gateway.Sse;

/// <summary>
/// Reads the few facts of <see cref="FrameFacts"/> out of one JSON text, in whatever order its keys stand. The whole text is
/// read, so a cut or broken one is found. Throws <see cref="JsonException"/>.
/// Cost: one pass; it allocates the text of the choice, usage, and unusual finish reasons.
/// </summary>
internal static class FrameScan
{
    private static readonly JsonReaderOptions Options = new() { CommentHandling = JsonCommentHandling.Disallow, AllowTrailingCommas = false, MaxDepth = 128 };

    public static FrameFacts Read(ReadOnlySpan<byte> json, ChoiceLedger choices, bool wantsText = true)
    {
        var facts = new FrameFacts { WantsText = wantsText };
        var reader = new Utf8JsonReader(json, Options);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("An object was expected.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("choices"u8))
            {
                reader.Read();
                ReadChoices(ref reader, ref facts, choices);
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                reader.Read();
                facts.Usage = ReadUsage(ref reader) ?? facts.Usage;
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                reader.Read();
                facts.HasError |= reader.TokenType != JsonTokenType.Null;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("data"u8))
            {
                reader.Read();
                facts.Answers += CountItems(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        // Reads past the closing brace: bytes behind it make the text invalid.
        while (reader.Read())
        {
        }

        return facts;
    }

    private static void ReadChoices(ref Utf8JsonReader reader, ref FrameFacts facts, ChoiceLedger choices)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            if (facts.Answers++ > 0)
            {
                // Only the last choice stands in the facts themselves: one a frame is the rule.
                (facts.Others ??= []).Add(new AnswerPart { Choice = facts.Choice, Text = facts.Text, Reasoning = facts.Reasoning, FinishReason = facts.ChoiceFinish });
                (facts.Text, facts.Reasoning) = (null, null);
            }

            ReadChoice(ref reader, ref facts, choices);
        }
    }

    private static void ReadChoice(ref Utf8JsonReader reader, ref FrameFacts facts, ChoiceLedger choices)
    {
        var index = 0;
        string? finish = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("delta"u8) || reader.ValueTextEquals("message"u8))
            {
                reader.Read();
                facts.HasContent |= ReadDelta(ref reader, ref facts);
            }
            else if (reader.ValueTextEquals("text"u8))
            {
                reader.Read();
                facts.Text = TextOf(ref reader, facts.WantsText);
                facts.HasContent |= IsContent(ref reader);
            }
            else if (reader.ValueTextEquals("index"u8))
            {
                reader.Read();
                index = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var at) ? at : 0;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("finish_reason"u8))
            {
                reader.Read();
                finish = reader.TokenType == JsonTokenType.String ? Known(ref reader) : null;
                reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }

        (facts.Choice, facts.ChoiceFinish) = (index, finish);
        choices.Begin(index);
        if (!string.IsNullOrEmpty(finish))
        {
            choices.Finish(index);
            facts.FinishReason = finish;
            facts.HasContent = true;
        }
    }

    // Content is any member but the role that says something: text, reasoning, tool calls, a refusal, audio.
    private static bool ReadDelta(ref Utf8JsonReader reader, ref FrameFacts facts)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return false;
        }

        var has = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isRole = reader.ValueTextEquals("role"u8);
            var isText = !isRole && reader.ValueTextEquals("content"u8);
            var isReasoning = !isRole && !isText && (reader.ValueTextEquals("reasoning_content"u8) || reader.ValueTextEquals("reasoning"u8));
            reader.Read();
            if (isText)
            {
                facts.Text = TextOf(ref reader, facts.WantsText);
            }
            else if (isReasoning)
            {
                facts.Reasoning = TextOf(ref reader, facts.WantsText) ?? facts.Reasoning;
            }

            has |= IsContent(ref reader) && !isRole;
        }

        return has;
    }

    private static string? TextOf(ref Utf8JsonReader reader, bool isWanted) =>
        isWanted && reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length > 0 ? Decoded(ref reader) : null;

    // A lone surrogate escape is JSON, and no text: the bytes pass, the text is not known.
    private static string? Decoded(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    // Leaves the reader on the value's last token.
    private static bool IsContent(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return reader.HasValueSequence || reader.ValueSpan.Length > 0;
            case JsonTokenType.StartArray or JsonTokenType.StartObject:
                var depth = reader.CurrentDepth;
                reader.Read();
                var isEmpty = reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject;
                while (reader.CurrentDepth > depth)
                {
                    reader.Read();
                }

                return !isEmpty;
            default:
                return false;
        }
    }

    private static string? Known(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("stop"u8))
        {
            return "stop";
        }

        if (reader.ValueTextEquals("length"u8))
        {
            return "length";
        }

        return reader.ValueTextEquals("tool_calls"u8) ? "tool_calls" : Decoded(ref reader);
    }

    private static int CountItems(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return 0;
        }

        var items = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items++;
            reader.Skip();
        }

        return items;
    }

    private static TokenUsage? ReadUsage(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        int prompt = 0, completion = 0;
        int? cached = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("prompt_tokens"u8))
            {
                prompt = Number(ref reader) ?? 0;
            }
            else if (reader.ValueTextEquals("completion_tokens"u8))
            {
                completion = Number(ref reader) ?? 0;
            }
            else if (reader.ValueTextEquals("prompt_tokens_details"u8))
            {
                reader.Read();
                cached = ReadCached(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return prompt == 0 && completion == 0 ? null : new TokenUsage(prompt, completion, cached, UsageSource.Provider);
    }

    private static int? ReadCached(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        int? cached = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("cached_tokens"u8))
            {
                cached = Number(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return cached;
    }

    private static int? Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        int? number = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value) && value >= 0 ? value : null;
        reader.Skip();
        return number;
    }
}
