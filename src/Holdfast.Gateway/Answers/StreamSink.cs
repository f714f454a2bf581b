using Holdfast.Abstractions.Answering;
using Holdfast.Gateway.Exchanges;
using Holdfast.Gateway.Wire;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Gateway.Answers;

/// <summary>
/// Streams an answer as server-sent events. Each part is flushed as it comes: a proxy that gathers chunks looks cheap and adds a
/// hundred milliseconds to each. Whatever went wrong after the head, the client gets one error frame and then <c>[DONE]</c>.
/// </summary>
internal sealed class StreamSink(HttpResponse response, Exchange x, WriteDeadline deadline) : IAnswerSink
{
    private readonly RawAnswer _raw = new(x);
    private readonly LocalFrames _local = new(x);
    private bool _hasUsageFrame;

    public bool HasSentHead { get; private set; }

    public async ValueTask WriteAsync(AnswerPart part, ChoiceState choice, CancellationToken cancellationToken)
    {
        SendHead();
        if (part.Raw.Length > 0)
        {
            _hasUsageFrame |= part.Usage is not null;
            Event(_raw.Frame(part, choice).Span);
        }
        else
        {
            WriteLocal(part, choice);
        }

        await FlushAsync(cancellationToken);
    }

    public async ValueTask FailAsync(AnswerFault fault, CancellationToken cancellationToken)
    {
        Event(ErrorAnswer.Body(fault));
        await FlushAsync(cancellationToken);
    }

    public ValueTask FinishAsync(AnswerLedger ledger, CancellationToken cancellationToken)
    {
        SendHead();
        if (x.Request is { WantsStreamUsage: true } && x.Usage is { } usage && !_hasUsageFrame)
        {
            Event(_local.Usage(usage).Span);
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask CloseAsync(CancellationToken cancellationToken)
    {
        Write("data: [DONE]\n\n"u8, isKept: false);
        await FlushAsync(cancellationToken);
    }

    private ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        // Nearly always the bytes are taken at once, and no task is made.
        var flush = response.BodyWriter.FlushAsync(cancellationToken);
        if (!flush.IsCompletedSuccessfully)
        {
            return deadline.WaitAsync(flush.AsTask(), response.HttpContext);
        }

        _ = flush.Result;
        return ValueTask.CompletedTask;
    }

    private void WriteLocal(AnswerPart part, ChoiceState choice)
    {
        if (!choice.HasStarted && x.Kind == CallKind.Chat)
        {
            choice.HasStarted = true;
            Event(_local.Role(choice.Index).Span);
        }

        if (part.Text is { Length: > 0 } || part.Reasoning is { Length: > 0 } || part.ToolCall is not null || part.Logprobs is not null)
        {
            Event(_local.Delta(part).Span);
        }

        if (part.FinishReason is not null)
        {
            Event(_local.Finish(choice).Span);
        }
    }

    private void SendHead()
    {
        if (HasSentHead)
        {
            return;
        }

        HasSentHead = true;
        AnswerHead.Set(response, x);
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no";
    }

    private void Event(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
        {
            return;
        }

        Write("data: "u8, isKept: true);
        if (json.IndexOfAny((byte)'\n', (byte)'\r') < 0)
        {
            Write(json, isKept: true);
        }
        else
        {
            WriteLines(json);
        }

        Write("\n\n"u8, isKept: true);
    }

    /// <summary>A frame of several lines is several data fields of one event.</summary>
    private void WriteLines(ReadOnlySpan<byte> json)
    {
        var isFirst = true;
        foreach (var range in json.SplitAny((byte)'\n', (byte)'\r'))
        {
            var line = json[range];
            if (line.IsEmpty)
            {
                continue;
            }

            if (!isFirst)
            {
                Write("\ndata: "u8, isKept: true);
            }

            isFirst = false;
            Write(line, isKept: true);
        }
    }

    private void Write(ReadOnlySpan<byte> bytes, bool isKept)
    {
        var span = response.BodyWriter.GetSpan(bytes.Length);
        bytes.CopyTo(span);
        response.BodyWriter.Advance(bytes.Length);
        if (isKept)
        {
            x.Answer.Add(bytes);
        }
    }
}
