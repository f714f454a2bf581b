using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Traffic.Retrying;

namespace Holdfast.Gateway.Upstreams;

/// <summary>
/// Turns what an upstream said into the fault that the client sees. Pure. A body that already is OpenAI's error object goes through
/// as its own bytes; any other is put into one, with the original beside it under <c>error.upstream</c>.
/// </summary>
internal static class UpstreamErrors
{
    /// <summary>An error status with its body.</summary>
    public static UpstreamFault FromStatus(int status, ReadOnlyMemory<byte> body, IReadOnlyList<KeyValuePair<string, string>> headers, TimeSpan? retryAfter)
    {
        var text = ErrorText.Read(body);
        if (status is 401 or 403 or 407)
        {
            // The client's own key was good: a 401 here would send it looking for a fault that is ours.
            return Wrap(502, text, body, headers, retryAfter, AttemptFault.Final, $"the upstream refused our key ({status}): set apiKey or apiKeyEnvironment of this upstream. It said: {text.Message}");
        }

        if (status is < 400 or > 599)
        {
            return Wrap(502, text, body, headers, retryAfter, AttemptFault.Final, $"the upstream answered with status {status}");
        }

        return Wrap(ClientStatus(status, text), text, body, headers, retryAfter, ClassOf(status, text), null);
    }

    /// <summary>An error inside a 200: a frame of a stream, or the whole body.</summary>
    public static UpstreamFault FromBody(ReadOnlyMemory<byte> body)
    {
        var text = ErrorText.Read(body);
        var status = text.Number is >= 400 and <= 599 ? text.Number.Value : 502;
        return status is 401 or 403 or 407
            ? FromStatus(status, body, [], null)
            : Wrap(ClientStatus(status, text), text, body, [], null, ClassOf(status, text), null);
    }

    /// <summary>When a request may be sent again, from the status and the type of the error.</summary>
    private static AttemptFault ClassOf(int status, ErrorText text) => status switch
    {
        408 or 425 or 429 or 503 => AttemptFault.NotTaken,

        // vLLM answers 500 InternalServerError to what it held when its engine died, Ollama 500 api_error when its runner did.
        // llama.cpp answers 500 server_error to the caller's faults, as it does to broken JSON: trying again changes nothing.
        500 => text.Type is "InternalServerError" or "api_error" || (text.Type is null && !text.IsJson) ? AttemptFault.DiedInFlight : AttemptFault.Final,
        502 or 504 => AttemptFault.DiedInFlight,
        _ => AttemptFault.Final,
    };

    private static int ClientStatus(int status, ErrorText text)
    {
        var isCallersFault = status == 500 && text.Type == "server_error"
            && (text.Message.StartsWith("[json.exception.", StringComparison.Ordinal) || text.Message.Contains("input is not supported", StringComparison.Ordinal));
        return isCallersFault ? 400 : status;
    }

    private static UpstreamFault Wrap(
        int status, ErrorText text, ReadOnlyMemory<byte> body, IReadOnlyList<KeyValuePair<string, string>> headers, TimeSpan? retryAfter, AttemptFault @class, string? message)
    {
        var code = text.Code ?? (text.Type == "exceed_context_size_error" ? "context_length_exceeded" : status < 500 ? "upstream_refused" : "upstream_fault");
        var fault = new AnswerFault
        {
            Status = status,
            Message = message ?? (text.Message.Length == 0 ? $"the upstream answered with status {status} and no text" : text.Message),
            Type = text.Type ?? "upstream_error",
            Code = code,
            Param = text.Param,
            RetryAfter = retryAfter,
            Headers = headers,
        };
        var passes = text.IsComplete && message is null;
        return new UpstreamFault(fault with { Body = passes ? body : Object(fault, text, body) }, @class);
    }

    private static ReadOnlyMemory<byte> Object(AnswerFault fault, ErrorText text, ReadOnlyMemory<byte> original)
    {
        var buffer = new ArrayBufferWriter<byte>(256 + original.Length);
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = false, SkipValidation = false });
        writer.WriteStartObject();
        writer.WriteStartObject("error"u8);
        writer.WriteString("message"u8, fault.Message);
        writer.WriteString("type"u8, fault.Type);
        writer.WriteString("param"u8, fault.Param);
        writer.WriteString("code"u8, fault.Code);
        writer.WritePropertyName("upstream"u8);
        if (text.IsJson)
        {
            writer.WriteRawValue(OneLine(original).Span, skipInputValidation: true);
        }
        else
        {
            writer.WriteStringValue(original.Span.IsEmpty ? "" : System.Text.Encoding.UTF8.GetString(original.Span));
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>
    /// The same JSON without line breaks, so that it fits into one frame. They can only be white space: inside a JSON text they are
    /// written as escapes.
    /// </summary>
    public static ReadOnlyMemory<byte> OneLine(ReadOnlyMemory<byte> json)
    {
        if (!json.Span.ContainsAny((byte)'\n', (byte)'\r'))
        {
            return json;
        }

        var line = json.ToArray();
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        return line;
    }

    /// <summary>The wait that headers ask for: <c>retry-after-ms</c> first, then <c>Retry-After</c> in seconds or as a date.</summary>
    public static TimeSpan? RetryAfter(string? milliseconds, string? secondsOrDate, DateTimeOffset now)
    {
        if (double.TryParse(milliseconds, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ms))
        {
            return TimeSpan.FromMilliseconds(Math.Min(ms, 86_400_000));
        }

        if (double.TryParse(secondsOrDate, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
        {
            return TimeSpan.FromSeconds(Math.Min(seconds, 86_400));
        }

        if (DateTimeOffset.TryParseExact(secondsOrDate, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
        {
            return date > now ? date - now : TimeSpan.Zero;
        }

        return null;
    }
}
