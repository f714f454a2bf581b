using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Recording;
using Holdfast.Gateway.Exchanges;
using Holdfast.Gateway.Wire;

namespace Holdfast.Gateway.Records;

/// <summary>Turns a finished exchange into its trace, with secrets masked. Runs off the request path.</summary>
internal static class TraceBuilder
{
    public static TraceRow Row(Exchange x) => new()
    {
        Id = x.Id,
        At = x.At,
        Key = x.KeyName,
        Route = x.Route,
        Model = x.Model,
        AnsweredBy = x.Backend?.Name,
        Status = x.Status,
        Microseconds = Exchange.Microseconds(x.Duration),
        TtftMicroseconds = x.Ttft is { } ttft ? Exchange.Microseconds(ttft) : null,
        PromptTokens = x.Usage?.PromptTokens,
        CompletionTokens = x.Usage?.CompletionTokens,
        Note = Note(x),
    };

    public static RequestTrace Trace(Exchange x, int bodyBytesMax)
    {
        var warnings = new List<string>(x.Warnings);
        var received = Body(new BodyKept("received.body", x.Received, x.Received.Length), bodyBytesMax, warnings);
        var sent = x.Attempts.Count > 0 ? Sent(x.Attempts[^1], bodyBytesMax, warnings) : null;
        AddRepeats(x, warnings);
        var answer = Body(new BodyKept("answer.body", x.Answer.Kept, x.Answer.Total), bodyBytesMax, warnings);
        if (Note(x) is { } note && !warnings.Contains(note))
        {
            warnings.Add(note);
        }

        return new RequestTrace
        {
            Id = x.Id,
            At = x.At,
            Key = x.KeyName,
            Route = x.Route,
            Model = x.Model,
            AnsweredBy = x.Backend?.Name,
            Upstream = x.Attempts.Count == 0 ? null : x.Backend?.Name,
            Status = x.Status,
            ClientRequestId = x.ClientRequestId is { } client ? SecretMask.Text(client) : null,
            Microseconds = Exchange.Microseconds(x.Duration),
            TtftMicroseconds = x.Ttft is { } ttft ? Exchange.Microseconds(ttft) : null,
            Stages = x.Stages,
            Query = x.Query is { } query ? SecretMask.Text(query) : null,
            Passages = [.. (x.Retrieved?.Passages ?? []).Select(p => new TracePassage(p.DocumentId, p.Document, p.Start, p.Length, p.Score, SecretMask.Text(p.Text)))],
            Prompt = Prompt(x),
            Received = received with { Headers = Headers(x.ReceivedHeaders) },
            Sent = sent,
            Answer = answer with { Status = x.Status, Headers = Headers(x.AnswerHeaders) },
            Usage = x.Usage is { } usage
                ? new TraceUsage(usage.PromptTokens, usage.CompletionTokens, usage.CachedTokens, UsageWords.Of(usage.Source))
                : null,
            Shortenings = x.Shortenings,
            Edits = x.Attempts.Count == 0 ? [] : x.Edits,
            Warnings = warnings,
        };
    }

    /// <summary>A line for each time that the request was sent again.</summary>
    public static void AddRepeats(Exchange x, List<string> warnings)
    {
        foreach (var attempt in x.Attempts)
        {
            if (attempt.Reason is { } reason)
            {
                warnings.Add("sent again: " + SecretMask.Text(reason));
            }
        }
    }

    private static TraceMessage Sent(AnswerAttempt attempt, int bodyBytesMax, List<string> warnings) =>
        Body(new BodyKept("sent.body", attempt.Body, attempt.Body.Length), bodyBytesMax, warnings) with
        {
            Url = "POST " + attempt.Url,
            Headers = Headers(attempt.Headers),
        };

    /// <summary>One line when something is worth a look.</summary>
    public static string? Note(Exchange x) =>
        x.IsClientGone ? "the client left before the end"
        : x.Fault is { } fault ? $"{fault.Code}: {SecretMask.Text(fault.Message)}"
        : x.IsRefusal ? "nothing in the documents answers"
        : x.Warnings.Count > 0 ? x.Warnings[0]
        : null;

    public static TracePrompt? Prompt(Exchange x) =>
        x.Prompt is null && x.PromptTokens is null
            ? null
            : new TracePrompt(x.Prompt?.Template, x.Prompt?.Version, x.Prompt is { } p ? SecretMask.Text(p.Text) : null, x.PromptTokens, x.IsPromptExact);

    private static Dictionary<string, string> Headers(IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        var masked = new Dictionary<string, string>(headers.Count);
        foreach (var header in headers)
        {
            masked[header.Key.ToLowerInvariant()] = SecretMask.Header(header.Key, header.Value);
        }

        return masked;
    }

    /// <summary>The bytes that the record keeps of a body; a warning when they are not all.</summary>
    public static ReadOnlySpan<byte> Cut(in BodyKept body, int bytesMax, List<string> warnings)
    {
        var bytes = body.Bytes.Span[..Math.Min(body.Bytes.Length, bytesMax)];
        if (bytes.Length == body.Total)
        {
            return bytes;
        }

        bytes = bytes[..WholeRunes(bytes)];
        warnings.Add($"{body.Name} is cut in this record: {bytes.Length} of {body.Total} bytes are kept (gateway.records.bodyBytesMax); what was sent was whole");
        return bytes;
    }

    private static TraceMessage Body(in BodyKept body, int bytesMax, List<string> warnings)
    {
        var bytes = Cut(body, bytesMax, warnings);
        return Utf8.IsValid(bytes)
            ? new TraceMessage { Body = Masked(Encoding.UTF8.GetString(bytes)), BodyBytes = body.Total }
            : new TraceMessage { Body = Convert.ToBase64String(bytes), BodyEncoding = "base64", BodyBytes = body.Total };
    }

    public static string Masked(string text)
    {
        try
        {
            return SecretMask.Text(text);
        }
        catch (RegexMatchTimeoutException)
        {
            // A text that the mask cannot finish is not written down at all.
            return "[not recorded: masking took more than a second]";
        }
    }

    /// <summary>Bytes up to the last whole character, so that a cut body stays text.</summary>
    private static int WholeRunes(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.Length;
        while (end > 0 && bytes.Length - end < 4 && (bytes[end - 1] & 0xC0) == 0x80)
        {
            end--;
        }

        return end > 0 && (bytes[end - 1] & 0x80) != 0 && (bytes[end - 1] & 0xC0) == 0xC0 ? end - 1 : end;
    }
}
