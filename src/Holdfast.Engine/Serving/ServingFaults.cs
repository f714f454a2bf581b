using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Scheduling;

namespace Holdfast.Engine.Serving;

/// <summary>The refusals of the engine, in the words of the OpenAI API.</summary>
internal static class ServingFaults
{
    public static AnswerFault Invalid(string message, string? param) =>
        new() { Status = 400, Type = "invalid_request_error", Code = "invalid_value", Message = message, Param = param };

    public static AnswerFault Unsupported(string message, string param) =>
        new() { Status = 400, Type = "invalid_request_error", Code = "unsupported_parameter", Message = message, Param = param };

    public static AnswerFault TooLong(int promptTokens, int? maxTokens, int contextTokens) => new()
    {
        Status = 400,
        Type = "invalid_request_error",
        Code = "context_length_exceeded",
        Param = "messages",
        Message = maxTokens is { } asked
            ? $"the prompt has {promptTokens} tokens and max_tokens is {asked}; together {promptTokens + (long)asked}, and the limit is {contextTokens}"
            : $"the prompt has {promptTokens} tokens; the limit for prompt and answer together is {contextTokens}",
    };

    public static AnswerFault Refused(Submission submission, int waitingMax, int poolTokens) => submission == Submission.QueueFull
        ? new()
        {
            Status = 503,
            Type = "service_unavailable",
            Code = "engine_queue_full",
            Message = $"the engine's queue is full: {waitingMax} sequences wait",
            RetryAfter = TimeSpan.FromSeconds(2),
        }
        : Invalid($"prompt and answer do not fit the engine's memory, which holds {poolTokens} tokens", "max_tokens");

    public static AnswerFault Broken(string message) =>
        new() { Status = 500, Type = "server_error", Code = "engine_fault", Message = message };

    public static AnswerFault Stopping() => new()
    {
        Status = 503,
        Type = "service_unavailable",
        Code = "engine_stopping",
        Message = "the engine is stopping",
        RetryAfter = TimeSpan.FromSeconds(5),
    };
}
