using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Gateway.Wire;

/// <summary>Turns a fault into an HTTP answer: the OpenAI error body, and for 429 and 503 when to come back and whose limit it was.</summary>
internal static class ErrorAnswer
{
    // For a full service that does not say when: no measured engine does (vLLM and Ollama send a bare 503). Long enough for a batch to end.
    private static readonly TimeSpan RetryAfterUnsaid = TimeSpan.FromSeconds(5);

    public static byte[] Body(AnswerFault fault)
    {
        if (fault.Body.Length > 0)
        {
            return fault.Body.ToArray();
        }

        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, JsonText.Writing))
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            json.WriteString("message", fault.Message);
            json.WriteString("type", fault.Type);
            json.WriteString("param", fault.Param);
            json.WriteString("code", fault.Code);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static async Task WriteAsync(HttpContext context, AnswerFault fault, byte[] body)
    {
        var response = context.Response;
        response.StatusCode = fault.Status;
        response.ContentType = "application/json";
        response.ContentLength = HttpMethods.IsHead(context.Request.Method) ? null : body.Length;
        SetHeaders(response, fault);
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    private static void SetHeaders(HttpResponse response, AnswerFault fault)
    {
        foreach (var header in fault.Headers)
        {
            response.Headers[header.Key] = header.Value;
        }

        if (fault.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        if (fault.Status is StatusCodes.Status408RequestTimeout or StatusCodes.Status413PayloadTooLarge)
        {
            // The rest of the body is not wanted, so the connection cannot carry another request.
            response.Headers.Connection = "close";
        }

        if (fault.Status is not (StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable))
        {
            return;
        }

        response.Headers["x-holdfast-reason"] = fault.Code;
        if (!response.Headers.ContainsKey("x-should-retry"))
        {
            response.Headers["x-should-retry"] = "true";
        }

        var wait = fault.RetryAfter ?? RetryAfterUnsaid;
        if (!response.Headers.ContainsKey("Retry-After"))
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (!response.Headers.ContainsKey("retry-after-ms"))
        {
            response.Headers["retry-after-ms"] = Math.Max(1, (long)Math.Ceiling(wait.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture);
        }
    }
}
