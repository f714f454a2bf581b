using System.Runtime.CompilerServices;
using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Gateway.Sse;
using Holdfast.Gateway.Wire;
using Holdfast.Traffic.Retrying;

namespace Holdfast.Gateway.Upstreams;

/// <summary>
/// One request to one replica. <see cref="OpenAsync"/> sends it and reads until the first content, the end or a fault;
/// <see cref="NextAsync"/> reads on. An answer is whole only when every choice that began has its finish reason, however
/// cleanly the bytes end: Ollama ends a stream properly when its runner has died.
/// </summary>
internal sealed class UpstreamAttempt(UpstreamReplica replica, UpstreamOptions options, AnswerCall call, CallClock clock, TimeProvider time) : IDisposable
{
    private const int ErrorBytesMax = 256 * 1024;
    private static readonly TimeSpan TailMax = TimeSpan.FromMilliseconds(250);

    private readonly ChoiceLedger _choices = new();
    private readonly List<AnswerPart> _held = [];
    private HttpResponseMessage? _response;
    private Stream? _body;
    private SseReader? _events;
    private bool _isOver;

    /// <summary>Parts read before <see cref="OpenAsync"/> returned, the first content last.</summary>
    public IReadOnlyList<AnswerPart> Held => _held;

    /// <summary>How it failed; null while it goes well.</summary>
    public UpstreamFault? Fault { get; private set; }

    public async ValueTask OpenAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            _response = await replica.Http.SendAsync(request, clock.Token);
            _body = await _response.Content.ReadAsStreamAsync(clock.Token);
            if (!_response.IsSuccessStatusCode)
            {
                await ReadErrorAsync();
            }
            else if (call.Request.IsStream && !Says("application/json"))
            {
                _events = new SseReader(options.EventBytesMax);
                await ReadUntilContentAsync(cancellationToken);
            }
            else
            {
                await ReadWholeAsync();
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && AttemptEnd.IsWorldFault(exception))
        {
            var isFresh = request.Options.TryGetValue(UpstreamReplica.OpenedConnection, out _);
            Fail(AttemptEnd.Of(exception, clock.Reason, hasHead: _response is not null, isFresh));
        }
    }

    /// <summary>The next part; null at the end, with <see cref="Fault"/> set when it is a bad one.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AnswerPart?> NextAsync(CancellationToken cancellationToken)
    {
        if (_events is null)
        {
            return null;
        }

        try
        {
            return await ReadPartAsync(_events, _body!);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && AttemptEnd.IsWorldFault(exception))
        {
            if (clock.Reason is not null || !IsWhole(isDone: false))
            {
                Fail(AttemptEnd.Of(exception, clock.Reason, hasHead: true, isFresh: true));
            }

            _isOver = true;
            return null;
        }
    }

    public void Dispose()
    {
        _events?.Dispose();
        _body?.Dispose();
        _response?.Dispose();
    }

    private bool Says(string mediaType) =>
        string.Equals(_response!.Content.Headers.ContentType?.MediaType, mediaType, StringComparison.OrdinalIgnoreCase);

    private async ValueTask ReadUntilContentAsync(CancellationToken cancellationToken)
    {
        var bytesHeld = 0;
        while (await NextAsync(cancellationToken) is { } part)
        {
            _held.Add(part);
            bytesHeld += part.Raw.Length;
            if (part.HasContent || bytesHeld > options.HeldBytesMax)
            {
                clock.Begin();
                return;
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AnswerPart?> ReadPartAsync(SseReader events, Stream body)
    {
        while (!_isOver)
        {
            switch (events.TryRead(out var found))
            {
                case SseRead.Event:
                    if (found.IsDone)
                    {
                        Finish(isDone: true);
                        await ReadTailAsync(events, body);
                    }
                    else if (Take(found, isRest: false) is { } part)
                    {
                        return part;
                    }

                    break;
                case SseRead.TooLong:
                    Fail(UpstreamFault.Broken($"the upstream sent an event of more than {options.EventBytesMax} bytes (eventBytesMax)"));
                    break;
                default:
                    var read = await body.ReadAsync(events.Room(), clock.Token);
                    clock.Touch();
                    events.Filled(read);
                    if (read == 0)
                    {
                        return End(events);
                    }

                    break;
            }
        }

        return null;
    }

    private AnswerPart? Take(SseEvent found, bool isRest)
    {
        var data = UpstreamErrors.OneLine(found.Data);
        FrameFacts facts;
        try
        {
            facts = FrameScan.Read(data.Span, _choices);
        }
        catch (JsonException exception)
        {
            Fail(isRest
                ? UpstreamFault.Broken("the upstream ended in the middle of a frame", AttemptFault.DiedInFlight)
                : UpstreamFault.Broken($"the upstream sent a frame that is no JSON object: {JsonFaults.Say(exception)}"));
            return null;
        }

        if (facts.HasError || found.IsError)
        {
            Fail(UpstreamErrors.FromBody(data));
            return null;
        }

        return Part(facts, data, facts.HasContent);
    }

    private AnswerPart? End(SseReader events)
    {
        var isDone = false;
        var part = events.TryReadRest(out var rest) && !(isDone = rest.IsDone) ? Take(rest, isRest: true) : null;
        if (!_isOver)
        {
            Finish(isDone);
        }

        return part;
    }

    private void Finish(bool isDone)
    {
        _isOver = true;
        if (!IsWhole(isDone))
        {
            Fail(UpstreamFault.Broken(
                _choices.Begun == 0 ? "the upstream ended the stream without an answer" : "the upstream ended the stream without a finish_reason: the answer is cut short",
                AttemptFault.DiedInFlight));
        }
    }

    // Ollama answers n = 2 with one choice and says [DONE]; without it, a choice that never began may be one that was lost.
    private bool IsWhole(bool isDone) => _choices.IsWhole && (isDone || _choices.Begun >= ChoicesAsked);

    private int ChoicesAsked => call.Kind == CallKind.Completion ? Math.Max(1, call.Request.Inputs.Count) * call.Request.Choices : call.Request.Choices;

    // The end of the chunked body usually came in the same read; without it the connection could not be used again.
    private async ValueTask ReadTailAsync(SseReader events, Stream body)
    {
        using var tail = new CancellationTokenSource(TailMax, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(tail.Token, clock.Token);
        try
        {
            for (var reads = 0; reads < 16 && await body.ReadAsync(events.Room(), both.Token) > 0; reads++)
            {
                clock.Touch();
            }
        }
        catch (Exception exception) when (AttemptEnd.IsWorldFault(exception))
        {
            // The answer is whole; how the connection ends concerns the pool of connections alone, which drops it.
            _isOver = true;
        }
    }

    private async ValueTask ReadWholeAsync()
    {
        clock.Begin();
        var (whole, isCut) = await BodyReading.ReadAsync(_body!, options.BodyBytesMax, clock.Touch, clock.Token);
        _isOver = true;
        if (isCut)
        {
            Fail(UpstreamFault.Broken($"the upstream's answer is longer than {options.BodyBytesMax} bytes (bodyBytesMax)"));
            return;
        }

        try
        {
            var facts = FrameScan.Read(whole.Span, _choices, wantsText: call.Retrieved is not null);
            if (facts.Usage is null || UndercountsUsage)
            {
                // No count from the upstream: the text is needed for one of ours.
                facts = FrameScan.Read(whole.Span, _choices);
            }

            if (facts.HasError)
            {
                Fail(UpstreamErrors.FromBody(whole));
            }
            else if (facts.Answers == 0)
            {
                Fail(UpstreamFault.Broken("the upstream answered 200 with JSON that holds no answer"));
            }
            else if (call.Request.IsStream)
            {
                Fail(UpstreamFault.Broken("the upstream answered with one JSON body where a stream was asked for"));
            }
            else
            {
                // Nothing but the first part carries bytes: they hold every choice.
                _held.Add(Part(facts, whole, hasContent: true));
                _held.AddRange(facts.Others ?? []);
            }
        }
        catch (JsonException exception)
        {
            Fail(UpstreamFault.Broken(Says("text/event-stream")
                ? "the upstream answered with a stream where one JSON body was asked for"
                : $"the upstream answered 200 with a body that is no JSON object: {JsonFaults.Say(exception)}"));
        }
    }

    private async ValueTask ReadErrorAsync()
    {
        clock.Begin();
        var (body, _) = await BodyReading.ReadAsync(_body!, ErrorBytesMax, clock.Touch, clock.Token);
        Fail(UpstreamErrors.FromStatus((int)_response!.StatusCode, body, RefusalHeaders.Of(_response.Headers), RefusalHeaders.RetryAfter(_response.Headers, time.GetUtcNow())));
    }

    private AnswerPart Part(in FrameFacts facts, ReadOnlyMemory<byte> raw, bool hasContent) => new()
    {
        Choice = facts.Choice,
        FinishReason = _events is null ? facts.ChoiceFinish : facts.FinishReason,
        Text = facts.Text,
        Reasoning = facts.Reasoning,
        Usage = UndercountsUsage ? null : facts.Usage,
        Raw = raw,
        HasContent = hasContent,
    };

    // llama.cpp counts one choice of n, and the first prompt of a list: no count is better than half of one.
    private bool UndercountsUsage => replica.Findings?.Kind == UpstreamKind.LlamaCpp && call.Kind != CallKind.Embedding && ChoicesAsked > 1;

    private void Fail(UpstreamFault fault)
    {
        _isOver = true;
        Fault = fault;
    }
}
