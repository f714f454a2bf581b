using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace Holdfast.Gateway.Wire;

/// <summary>Finds a member's meaning by its name without making a string.</summary>
internal static class Fields
{
    private static readonly FrozenDictionary<string, Field> Names = new Dictionary<string, Field>
    {
        ["model"] = Field.Model,
        ["messages"] = Field.Messages,
        ["prompt"] = Field.Prompt,
        ["input"] = Field.Input,
        ["stream"] = Field.Stream,
        ["stream_options"] = Field.StreamOptions,
        ["max_tokens"] = Field.MaxTokens,
        ["max_completion_tokens"] = Field.MaxCompletionTokens,
        ["n"] = Field.N,
        ["temperature"] = Field.Temperature,
        ["top_p"] = Field.TopP,
        ["top_k"] = Field.TopK,
        ["min_p"] = Field.MinP,
        ["repetition_penalty"] = Field.RepetitionPenalty,
        ["presence_penalty"] = Field.PresencePenalty,
        ["frequency_penalty"] = Field.FrequencyPenalty,
        ["seed"] = Field.Seed,
        ["stop"] = Field.Stop,
        ["logit_bias"] = Field.LogitBias,
        ["logprobs"] = Field.Logprobs,
        ["top_logprobs"] = Field.TopLogprobs,
        ["tools"] = Field.Tools,
        ["tool_choice"] = Field.ToolChoice,
        ["response_format"] = Field.ResponseFormat,
        ["chat_template_kwargs"] = Field.ChatTemplateKwargs,
        ["encoding_format"] = Field.EncodingFormat,
        ["dimensions"] = Field.Dimensions,
        ["holdfast"] = Field.Holdfast,
        ["priority"] = Field.Priority,
        ["parallel_tool_calls"] = Field.ParallelToolCalls,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Field>.AlternateLookup<ReadOnlySpan<char>> Lookup = Names.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Longest name in the table, in bytes.</summary>
    private const int NameBytesMax = 40;

    /// <summary>The member's meaning, or its name among <see cref="UpstreamMembers"/>.</summary>
    public static Field Find(ref Utf8JsonReader reader, out string? upstreamName)
    {
        upstreamName = null;
        // An escaped name is at most six times as long; whatever is longer is none of ours.
        if (reader.ValueSpan.Length > NameBytesMax * 6)
        {
            return Field.Other;
        }

        Span<char> name = stackalloc char[NameBytesMax * 6];
        var length = reader.ValueIsEscaped ? reader.CopyString(name) : Encoding.UTF8.GetChars(reader.ValueSpan, name);
        if (Lookup.TryGetValue(name[..length], out var field))
        {
            return field;
        }

        upstreamName = UpstreamMembers.Find(name[..length]);
        return Field.Other;
    }
}
