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

    /// <param name="promptTokens">The longest prompt as this model counts it.</param>
    /// <param name="isLeast">It was not tokenised: it has more, however it is cut.</param>
    /// <param name="call">What was asked for.</param>
    /// <param name="answerTokens">What the answer gets: asked for, or ours where nothing was.</param>
    /// <param name="model">Whose limit it is.</param>
    public static AnswerFault TooLong(int promptTokens, bool isLeast, AnswerCall call, int answerTokens, ServedModel model)
    {
        var limit = model.ContextTokens + (model.ContextSetting is { } setting ? $" ({setting} bounds it)" : "");
        var least = isLeast ? "at least " : "";
        var answer = call.Request.MaxTokens is not null ? $" and {call.Request.MaxTokensName} is {answerTokens}"
            : promptTokens < model.ContextTokens ? $" and a completion without {call.Request.MaxTokensName} gets {answerTokens}" : null;
        return new()
        {
            Status = 400,
            Type = "invalid_request_error",
            Code = "context_length_exceeded",
            Param = call.Kind == CallKind.Completion ? "prompt" : "messages",
            Message = answer is not null
                ? $"the prompt has {least}{promptTokens} tokens{answer}; together {least}{promptTokens + (long)answerTokens}, and the limit is {limit}"
                : $"the prompt has {least}{promptTokens} tokens; the limit for prompt and answer together is {limit}",
        };
    }

    public static AnswerFault TooMany(int prompts, int choices, SchedulerOptions options) => Invalid(
        $"{prompts} prompts with {choices} choices each are {(long)prompts * choices} sequences; the engine holds {options.SequencesMax} at a time (engine.scheduler.runningMax {options.RunningMax} and waitingMax {options.WaitingMax})",
        choices > 1 ? "n" : "prompt");

    public static AnswerFault Full(int running, int waiting, int more, SchedulerOptions options) => new()
    {
        Status = 503,
        Type = "service_unavailable",
        Code = "engine_queue_full",
        Message = $"the engine's queue is full: {running} sequences run and {waiting} wait, the request brings {more}, and there is room for {options.SequencesMax} (engine.scheduler.runningMax {options.RunningMax} and waitingMax {options.WaitingMax})",
        RetryAfter = TimeSpan.FromSeconds(2),
    };

    public static AnswerFault TooLarge(Sequence sequence, int poolTokens) => Invalid(
        $"a prompt of {sequence.PromptTokens} tokens and an answer of {sequence.NewTokensMax} do not fit the engine's memory, which holds {poolTokens} (engine.kvMiB)", "max_tokens");

    public static AnswerFault NotFinite(int place) =>
        Broken($"the logits of token {place} are not finite: the model's weights are damaged or too large for this arithmetic; compare the file's SHA-256 with its source");

    public static AnswerFault DeadEnd(int place) =>
        Broken($"no token may follow at token {place}: what response_format or tools demand there has no token in this model's vocabulary; take it out of the schema, and report the schema, for it should have been refused");

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
