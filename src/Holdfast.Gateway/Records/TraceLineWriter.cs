using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Recording;
using Holdfast.Gateway.Exchanges;
using Holdfast.Gateway.Wire;

namespace Holdfast.Gateway.Records;

/// <summary>
/// Writes a finished exchange as one line of a trace file, straight from its bytes: what <see cref="TraceBuilder.Trace"/> says through
/// <see cref="RecordJson"/>, which is the slow twin in the tests. A body becomes a string only where the first look finds what may be a
/// secret. Cost of a 1 kB request: three bodies searched twice and copied twice, nothing allocated. Owned by the writer loop.
/// </summary>
internal sealed class TraceLineWriter(int bodyBytesMax) : IDisposable
{
    private const int NameCharsMax = 128;
    private readonly ArrayBufferWriter<byte> _line = new(16 << 10);
    private readonly ArrayBufferWriter<byte> _quoted = new(8 << 10);
    private readonly Utf8JsonWriter _json = new(Stream.Null, JsonText.Writing);
    private readonly List<string> _warnings = [];

    /// <summary>The line with its end; good until the next one.</summary>
    public ReadOnlySpan<byte> Write(Exchange x)
    {
        _line.ResetWrittenCount();
        _json.Reset(_line);
        _json.WriteStartObject();
        _json.WriteNumber("sequence"u8, x.Sequence);
        _json.WriteStartObject("trace"u8);
        WriteHead(x);
        WriteStages(x.Stages);
        WriteText("query"u8, x.Query is { } query ? SecretMask.Text(query) : null);
        WritePassages(x);
        WritePrompt(TraceBuilder.Prompt(x));
        WriteMessages(x);
        WriteUsage(x.Usage);
        WriteShortenings(x.Shortenings);
        WriteTexts("edits"u8, x.Attempts.Count == 0 ? [] : x.Edits);
        WriteTexts("warnings"u8, _warnings);
        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.Flush();
        _line.Write("\n"u8);
        return _line.WrittenSpan;
    }

    public void Dispose() => _json.Dispose();

    private void WriteHead(Exchange x)
    {
        _json.WriteString("id"u8, x.Id);
        _json.WriteString("at"u8, x.At);
        WriteText("key"u8, x.KeyName);
        _json.WriteString("route"u8, x.Route);
        WriteText("model"u8, x.Model);
        WriteText("answeredBy"u8, x.Backend?.Name);
        WriteText("upstream"u8, x.Attempts.Count == 0 ? null : x.Backend?.Name);
        _json.WriteNumber("status"u8, x.Status);
        WriteText("clientRequestId"u8, x.ClientRequestId is { } client ? SecretMask.Text(client) : null);
        _json.WriteNumber("microseconds"u8, Exchange.Microseconds(x.Duration));
        if (x.Ttft is { } ttft)
        {
            _json.WriteNumber("ttftMicroseconds"u8, Exchange.Microseconds(ttft));
        }
    }

    private void WriteStages(List<TraceStage> stages)
    {
        _json.WriteStartArray("stages"u8);
        foreach (var stage in stages)
        {
            _json.WriteStartObject();
            _json.WriteString("name"u8, stage.Name);
            _json.WriteNumber("startMicroseconds"u8, stage.StartMicroseconds);
            _json.WriteNumber("microseconds"u8, stage.Microseconds);
            _json.WriteString("verdict"u8, stage.Verdict);
            WriteText("detail"u8, stage.Detail);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void WritePassages(Exchange x)
    {
        _json.WriteStartArray("passages"u8);
        foreach (var passage in x.Retrieved?.Passages ?? [])
        {
            _json.WriteStartObject();
            _json.WriteString("documentId"u8, passage.DocumentId);
            _json.WriteString("document"u8, passage.Document);
            _json.WriteNumber("start"u8, passage.Start);
            _json.WriteNumber("length"u8, passage.Length);
            _json.WriteNumber("score"u8, passage.Score);
            _json.WriteString("text"u8, SecretMask.Text(passage.Text));
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void WritePrompt(TracePrompt? prompt)
    {
        if (prompt is null)
        {
            return;
        }

        _json.WriteStartObject("prompt"u8);
        WriteText("template"u8, prompt.Template);
        WriteText("version"u8, prompt.Version);
        WriteText("text"u8, prompt.Text);
        if (prompt.Tokens is { } tokens)
        {
            _json.WriteNumber("tokens"u8, tokens);
        }

        _json.WriteBoolean("isExact"u8, prompt.IsExact);
        _json.WriteEndObject();
    }

    /// <summary>Received, sent, answered; what is cut of them joins the warnings in that order.</summary>
    private void WriteMessages(Exchange x)
    {
        _warnings.Clear();
        _warnings.AddRange(x.Warnings);
        WriteMessage("received"u8, null, null, x.ReceivedHeaders, new BodyKept("received.body", x.Received, x.Received.Length));
        if (x.Attempts.Count > 0)
        {
            var last = x.Attempts[^1];
            WriteMessage("sent"u8, "POST " + last.Url, null, last.Headers, new BodyKept("sent.body", last.Body, last.Body.Length));
        }

        TraceBuilder.AddRepeats(x, _warnings);
        WriteMessage("answer"u8, null, x.Status, x.AnswerHeaders, new BodyKept("answer.body", x.Answer.Kept, x.Answer.Total));
        if (TraceBuilder.Note(x) is { } note)
        {
            _warnings.Add(note);
        }
    }

    private void WriteMessage(ReadOnlySpan<byte> name, string? url, int? status, IReadOnlyList<KeyValuePair<string, string>> headers, in BodyKept body)
    {
        _json.WriteStartObject(name);
        WriteText("url"u8, url);
        if (status is { } number)
        {
            _json.WriteNumber("status"u8, number);
        }

        WriteHeaders(headers);
        WriteBody(body);
        _json.WriteNumber("bodyBytes"u8, body.Total);
        _json.WriteEndObject();
    }

    private void WriteHeaders(IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        Span<char> lower = stackalloc char[NameCharsMax];
        _json.WriteStartObject("headers"u8);
        for (var i = 0; i < headers.Count; i++)
        {
            var (name, value) = (headers[i].Key, headers[i].Value);
            if (name.Length > NameCharsMax)
            {
                _json.WritePropertyName(name.ToLowerInvariant());
            }
            else
            {
                _json.WritePropertyName(lower[..name.AsSpan().ToLowerInvariant(lower)]);
            }

            _json.WriteStringValue(SecretMask.Header(name, value));
        }

        _json.WriteEndObject();
    }

    private void WriteBody(in BodyKept body)
    {
        var bytes = TraceBuilder.Cut(body, bodyBytesMax, _warnings);
        if (!Utf8.IsValid(bytes))
        {
            _json.WriteBase64String("body"u8, bytes);
            _json.WriteString("bodyEncoding"u8, "base64"u8);
            return;
        }

        if (MayHoldSecret(bytes))
        {
            _json.WriteString("body"u8, TraceBuilder.Masked(Encoding.UTF8.GetString(bytes)));
            return;
        }

        _quoted.ResetWrittenCount();
        JsonBytes.WriteQuoted(_quoted, bytes);
        _json.WritePropertyName("body"u8);
        _json.WriteRawValue(_quoted.WrittenSpan, skipInputValidation: true);
    }

    private static bool MayHoldSecret(ReadOnlySpan<byte> utf8)
    {
        var chars = ArrayPool<char>.Shared.Rent(utf8.Length);
        var mayHold = SecretMask.MayChange(chars.AsSpan(0, Encoding.UTF8.GetChars(utf8, chars)));
        ArrayPool<char>.Shared.Return(chars);
        return mayHold;
    }

    private void WriteUsage(TokenUsage? usage)
    {
        if (usage is null)
        {
            return;
        }

        _json.WriteStartObject("usage"u8);
        _json.WriteNumber("promptTokens"u8, usage.PromptTokens);
        _json.WriteNumber("completionTokens"u8, usage.CompletionTokens);
        if (usage.CachedTokens is { } cached)
        {
            _json.WriteNumber("cachedTokens"u8, cached);
        }

        _json.WriteString("source"u8, UsageWords.Of(usage.Source));
        _json.WriteEndObject();
    }

    private void WriteShortenings(List<TraceShortening> shortenings)
    {
        _json.WriteStartArray("shortenings"u8);
        foreach (var shortening in shortenings)
        {
            _json.WriteStartObject();
            _json.WriteString("what"u8, shortening.What);
            _json.WriteString("where"u8, shortening.Where);
            if (shortening.Tokens is { } tokens)
            {
                _json.WriteNumber("tokens"u8, tokens);
            }

            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void WriteTexts(ReadOnlySpan<byte> name, List<string> texts)
    {
        _json.WriteStartArray(name);
        foreach (var text in texts)
        {
            _json.WriteStringValue(text);
        }

        _json.WriteEndArray();
    }

    private void WriteText(ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
        {
            _json.WriteString(name, text);
        }
    }
}
