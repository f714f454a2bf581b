using System.Text.Json;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Retrieval.Answering;

/// <summary>
/// What a request may ask that sentences of documents cannot give. Refused by name, never ignored. Sampling fields change nothing and
/// pass; so do tools, as long as none is demanded.
/// </summary>
internal static class ExtractiveLimits
{
    public static AnswerFault? Check(AnswerCall call)
    {
        var request = call.Request;
        if (call.Kind != CallKind.Chat)
        {
            return Unsupported("model", "extractive answers chat completions only");
        }

        if (request.OwnFault is { } own)
        {
            return own;
        }

        if (request.Choices != 1)
        {
            return Unsupported("n", FormattableString.Invariant($"n is {request.Choices}; an extractive answer has one choice"));
        }

        if (request.WantsLogprobs || request.TopLogprobs > 0)
        {
            return Unsupported(request.WantsLogprobs ? "logprobs" : "top_logprobs", "an extractive answer has no token probabilities");
        }

        if (request.MaxTokens is <= 0)
        {
            return new AnswerFault
            {
                Status = 400,
                Type = "invalid_request_error",
                Code = "invalid_value",
                Param = "max_tokens",
                Message = FormattableString.Invariant($"max_tokens is {request.MaxTokens}; it must be at least 1"),
            };
        }

        if (request.ResponseFormat is { ValueKind: not JsonValueKind.Null } format && Type(format) != "text")
        {
            return Unsupported("response_format", "an extractive answer is text; leave response_format out or give {\"type\":\"text\"}");
        }

        if (request.ToolChoice is { ValueKind: not JsonValueKind.Null } choice
            && !(choice.ValueKind == JsonValueKind.String && choice.GetString() is "auto" or "none"))
        {
            return Unsupported("tool_choice", "extractive answers in words and calls no tool; tool_choice may be auto or none");
        }

        for (var index = 0; index < request.Messages.Count; index++)
        {
            if (request.Messages[index].HasMedia)
            {
                return Unsupported(FormattableString.Invariant($"messages[{index}].content"), "extractive reads text parts only, no image, audio or file");
            }
        }

        return null;
    }

    private static string? Type(JsonElement format) =>
        format.ValueKind == JsonValueKind.Object && format.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
            ? type.GetString() : null;

    private static AnswerFault Unsupported(string param, string message) => new()
    {
        Status = 400,
        Type = "invalid_request_error",
        Code = "unsupported_parameter",
        Param = param,
        Message = message,
    };
}
