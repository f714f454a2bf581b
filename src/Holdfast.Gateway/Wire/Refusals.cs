using Holdfast.Abstractions.Answering;

namespace Holdfast.Gateway.Wire;

/// <summary>The gateway's own refusals, each with what to do.</summary>
internal static class Refusals
{
    /// <summary>An answer takes about a second to make room, whatever the model.</summary>
    public static readonly TimeSpan ComeBack = TimeSpan.FromSeconds(1);

    private const string Invalid = "invalid_request_error";

    public static AnswerFault BadRequest(string code, string message, string? param = null) =>
        new() { Status = 400, Message = message, Type = Invalid, Code = code, Param = param };

    public static AnswerFault Unsupported(string param, string message) => BadRequest("unsupported_parameter", message, param);

    public static AnswerFault InvalidKey(string message) =>
        new() { Status = 401, Message = message, Type = "authentication_error", Code = "invalid_api_key" };

    public static AnswerFault Forbidden(string code, string message) =>
        new() { Status = 403, Message = message, Type = "permission_error", Code = code };

    public static AnswerFault NotFound(string code, string message, string? param = null) =>
        new() { Status = 404, Message = message, Type = Invalid, Code = code, Param = param };

    public static AnswerFault Method(string method, string path) =>
        new() { Status = 405, Message = $"{method} is not answered at {path}.", Type = Invalid, Code = "method_not_allowed" };

    public static AnswerFault BodyTimeout(string message) =>
        new() { Status = 408, Message = message, Type = Invalid, Code = "body_timeout" };

    public static AnswerFault Conflict(string message, string? param = null) =>
        new() { Status = 409, Message = message, Type = Invalid, Code = "conflict", Param = param };

    public static AnswerFault TooLarge(string message, string code = "body_too_large") =>
        new() { Status = 413, Message = message, Type = Invalid, Code = code };

    public static AnswerFault MediaType(string message) =>
        new() { Status = 415, Message = message, Type = Invalid, Code = "unsupported_media_type" };

    public static AnswerFault WrongHost(string message) =>
        new() { Status = 421, Message = message, Type = Invalid, Code = "misdirected_request" };

    public static AnswerFault Internal(string requestId) =>
        new() { Status = 500, Message = $"A fault in Holdfast itself; its log names request {requestId}.", Type = "server_error", Code = "internal_error" };

    public static AnswerFault Broken(string message) =>
        new() { Status = 500, Message = message, Type = "server_error", Code = "engine_fault" };

    public static AnswerFault Stopping(TimeSpan drainTime) => new()
    {
        Status = 503,
        Message = $"The server stops, and the answer was not over after {drainTime.TotalSeconds:0.#} s (drainTime); ask again.",
        Type = "server_error",
        Code = "server_stopping",
        RetryAfter = TimeSpan.FromSeconds(5),
    };

    public static AnswerFault Full(string message, TimeSpan retryAfter, string code = "at_capacity") =>
        new() { Status = 503, Message = message, Type = "server_error", Code = code, RetryAfter = retryAfter };
}
