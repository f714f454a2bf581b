using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Counting;
using Holdfast.Abstractions.Reading;
using Holdfast.Abstractions.Recording;
using Holdfast.Abstractions.Searching;
using Holdfast.Gateway.Answers;
using Holdfast.Gateway.Counting;
using Holdfast.Gateway.Exchanges;
using Holdfast.Gateway.Hosting;
using Holdfast.Gateway.Metrics;
using Holdfast.Gateway.Models;
using Holdfast.Gateway.Options;
using Holdfast.Gateway.Prompts;
using Holdfast.Gateway.Records;
using Holdfast.Gateway.Wire;
using Microsoft.Extensions.Logging;

namespace Holdfast.Gateway.Pipeline;

/// <summary>
/// The way of one request to a model, in order, on one screen: see <see cref="RunAsync"/>. A stage is a plain method that returns the
/// fault it found or null; its name, its time and its verdict go into the trace. A stage that has nothing to do is not listed.
/// </summary>
/// <remarks>Long because the stages stand together: who looks for a decision reads one file from top to bottom.</remarks>
internal sealed partial class AnswerPipeline(
    GatewayOptions options,
    ModelDirectory models,
    PromptLibrary prompts,
    RecordBook records,
    TruncationDetector truncations,
    GatewayMeters meters,
    DrainEnd drain,
    ILogger<AnswerPipeline> log,
    IEnumerable<IRetriever> retrievers,
    IEnumerable<ITextNormaliser> normalisers,
    IEnumerable<ITokenCounter> counters)
{
    /// <summary>The prompts that carry the passages; see <see cref="ServedModel.IsSmall"/>.</summary>
    private const string RetrievalPrompt = "answer-with-sources";
    private const string RetrievalPromptSmall = "answer-with-sources-small";

    /// <summary>Passages that a small model gets unless the request says how many.</summary>
    private const int TopKSmall = 3;

    /// <summary>On twenty questions of the handbook fewer answers ran to the limit (11 instead of 18), and as many had sources.</summary>
    private const double FrequencyPenaltySmall = .4;

    private readonly IRetriever? _retriever = retrievers.FirstOrDefault();
    private readonly ITextNormaliser? _normaliser = normalisers.FirstOrDefault();
    private readonly ITokenCounter? _counter = counters.FirstOrDefault();

    /// <summary>Runs the stages. The caller has authenticated; what it returns is the fault to answer with, or null when the sink has the answer.</summary>
    public async Task<AnswerFault?> RunAsync(Exchange x, Func<Exchange, IAnswerSink> open, CancellationToken cancellationToken)
    {
        var fault = Stage(x, "parse", Parse);
        if (fault is null && x.Collection is not null)
        {
            fault = Stage(x, "normalise", Normalise);
            fault ??= await StageAsync(x, "retrieve", RetrieveAsync, cancellationToken);
            if (fault is null && !ModelDirectory.IsExtractive(x.Backend!, x.Served!))
            {
                fault = Stage(x, "render prompt", RenderPrompt);
            }
        }

        if (fault is null && _counter is not null && x.Kind != CallKind.Embedding)
        {
            fault = Stage(x, "count tokens", CountTokens);
        }

        if (fault is not null)
        {
            return fault;
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, drain.Token);
        await using var parts = Call(x, over.Token).GetAsyncEnumerator(over.Token);
        var flow = new AnswerFlow(parts, open(x));
        fault = await StageAsync(x, "call", (x, _) => CallAsync(x, flow), cancellationToken);
        fault ??= await StageAsync(x, "watch the stream", (x, token) => WatchAsync(x, flow, token), cancellationToken);
        if (fault is not null && !flow.Sink.HasSentHead)
        {
            return fault;
        }

        _ = Stage(x, "settle", x => Settle(x, flow.Ledger));
        await EndAsync(x, flow, fault, cancellationToken);
        return null;
    }

    private AnswerFault? Parse(Exchange x)
    {
        var (call, fault) = CallParser.Parse(x.Kind, x.Received, options.Limits.JsonDepthMax, options.Limits.MessagesMax);
        if (call is null)
        {
            return fault;
        }

        (x.Call, x.Model, x.Request) = (call, call.Model, call.Request);
        var ability = x.Kind switch
        {
            CallKind.Completion => ModelAbilities.Completions,
            CallKind.Embedding => ModelAbilities.Embeddings,
            _ => ModelAbilities.Chat,
        };
        (var model, fault) = models.Find(call.Model, ability);
        if (model is null)
        {
            return fault;
        }

        (x.Backend, x.Served) = (model.Backend, model.Served);
        if (call.AsksForTruncation)
        {
            x.Warnings.Add("prompt-truncation-asked: the request lets the upstream cut the prompt; it was forwarded as it is");
        }

        if (call.Request.Priority < 0 && !x.IsAdmin)
        {
            return Refusals.Forbidden("insufficient_role", $"'priority' is {call.Request.Priority}: to go before the requests of others (below 0) needs an admin key.");
        }

        return BindCollection(x, call, model);
    }

    private AnswerFault? BindCollection(Exchange x, ParsedCall call, KnownModel model)
    {
        var wanted = call.Wish.Collection ?? model.Collection;
        if (model.Collection is not null && x.Kind != CallKind.Chat)
        {
            return Refusals.BadRequest("invalid_value", $"'{call.Model}' names a collection, and only chats are answered from one: use /v1/chat/completions, or the model without '@{model.Collection}'.", "model");
        }

        if (wanted is null || x.Kind != CallKind.Chat)
        {
            return call.Wish.Filter is null && call.Wish.TopK is null && call.Wish.Collection is null ? null
                : Refusals.BadRequest(
                    "invalid_value",
                    x.Kind == CallKind.Chat ? "'holdfast.filter' and 'holdfast.topK' need a collection: name one in 'holdfast.collection' or ask for model@collection."
                        : "'holdfast.collection', 'holdfast.filter' and 'holdfast.topK' belong to a chat: use /v1/chat/completions.",
                    "holdfast");
        }

        if (!models.Collections.Any(c => c.Name == wanted))
        {
            return Refusals.NotFound("collection_not_found", $"There is no collection '{wanted}'. Collections: {string.Join(", ", models.Collections.Select(c => c.Name))}.", "holdfast.collection");
        }

        x.Collection = wanted;
        return null;
    }

    /// <summary>Makes the view of the question that retrieval looks at; what is forwarded stays the client's.</summary>
    private AnswerFault? Normalise(Exchange x)
    {
        var text = QueryText.Of(x.Request!.Messages);
        if (text.Length == 0)
        {
            return Refusals.BadRequest("invalid_value", "There is no user message with text to search the collection for.", "messages");
        }

        x.Query = _normaliser?.Normalise(text).Text ?? text;
        return null;
    }

    private async Task<AnswerFault?> RetrieveAsync(Exchange x, CancellationToken cancellationToken)
    {
        var wish = x.Call!.Wish;
        var query = new SearchQuery { Collection = x.Collection!, Text = x.Query!, Filter = wish.Filter };
        var topK = wish.TopK ?? (x.Served!.IsSmall ? TopKSmall : query.TopK);
        var found = await _retriever!.SearchAsync(query with { TopK = topK }, cancellationToken);
        x.Retrieved = found;
        return found.Fault switch
        {
            null => null,
            { IsUnknownCollection: true } missing => Refusals.NotFound("collection_not_found", missing.Message, "holdfast.collection"),
            { } unusable => Refusals.BadRequest("invalid_value", unusable.Message, "holdfast." + unusable.Param),
        };
    }

    /// <summary>Puts the passages, fenced and marked as data, before the last user message.</summary>
    private AnswerFault? RenderPrompt(Exchange x)
    {
        var values = new Dictionary<string, string>
        {
            ["passages"] = x.Retrieved!.Passages.Count == 0 ? "(no passage was found)" : FencedPassages.Write(x.Retrieved.Passages),
        };

        // A small model that reads the question twice says it a third time.
        if (!x.Served!.IsSmall)
        {
            values.Add("question", x.Query!);
        }

        var (prompt, fault) = prompts.Render(x.Served.IsSmall ? RetrievalPromptSmall : RetrievalPrompt, values);
        if (prompt is null)
        {
            Log.PromptFault(log, fault!.Prompt, fault.Message);
            return Refusals.Internal(x.Id);
        }

        x.Prompt = prompt;
        var messages = x.Request!.Messages.ToList();
        messages.Insert(x.Call!.LastUserIndex, new ChatMessage { Role = prompt.Role, Text = prompt.Text });
        x.Request = x.Request with { Messages = messages };
        x.Request = x.Served.IsSmall ? ForSmall(x.Request) : x.Request;
        return null;
    }

    /// <summary>
    /// What a small model needs to keep to the passages, where the request says nothing else: no chance, and a price on saying the same
    /// again. It takes the fences for the thing to write and invents passages, so the answer ends before the first.
    /// </summary>
    private static ChatRequest ForSmall(ChatRequest request) => request with
    {
        Temperature = request.Temperature ?? 0,
        FrequencyPenalty = request.FrequencyPenalty ?? FrequencyPenaltySmall,
        OwnStop = FencedPassages.Beginnings,
    };

    /// <summary>Nothing is shortened here: a prompt that does not fit is refused with the three numbers.</summary>
    private AnswerFault? CountTokens(Exchange x)
    {
        if (x.Call!.HasTokenInputs)
        {
            return null;
        }

        var count = _counter!.CountPrompt(x.Served!.Id, x.Kind, x.Request!);
        (x.PromptTokens, x.IsPromptExact) = (count.Tokens, count.IsExact && !count.IsLeast);
        if (x.Served.ContextTokens is not { } limit)
        {
            return null;
        }

        var maxTokens = Math.Max(0, x.Request!.MaxTokens ?? 0);
        var wanted = (long)count.Longest + maxTokens;

        // An estimate is another vocabulary's count: it refuses only what is out of reach whatever the vocabulary.
        if (count.IsExact ? wanted <= limit : wanted <= limit * 3L / 2)
        {
            return null;
        }

        return TooLong(x, count, wanted);
    }

    /// <summary>Says what was counted and what the client asked for; of a number that it did not send nothing is said.</summary>
    private static AnswerFault TooLong(Exchange x, TokenCount count, long wanted)
    {
        var about = count.IsLeast ? "at least " : count.IsExact ? "" : "about ";
        var limit = $"'{x.Model}' holds {x.Served!.ContextTokens}{(x.Served.ContextSetting is { } setting ? $" ({setting} bounds it)" : "")}";
        return Refusals.BadRequest(
            "context_length_exceeded",
            x.Request!.MaxTokens is { } asked
                ? $"The prompt has {about}{count.Longest} tokens and {x.Request.MaxTokensName} is {asked}, together {about}{wanted}; {limit}. Shorten the prompt or lower {x.Request.MaxTokensName}; nothing is cut here."
                : $"The prompt has {about}{count.Longest} tokens; {limit} for prompt and answer together. Shorten the prompt; nothing is cut here.",
            x.Kind == CallKind.Chat ? "messages" : "prompt");
    }

    private static IAsyncEnumerable<AnswerPart> Call(Exchange x, CancellationToken cancellationToken)
    {
        var body = RequestEdits.Apply(x);
        return x.Backend!.AnswerAsync(
            new AnswerCall
            {
                RequestId = x.Id,
                Kind = x.Kind,
                Model = x.Served!.Id,
                Request = x.Request!,
                Body = body,
                Retrieved = x.Retrieved,
                OnAttempt = x.Attempts.Add,
            },
            cancellationToken);
    }

    /// <summary>Until the first content the head is withheld: a fault is still a status.</summary>
    private static async Task<AnswerFault?> CallAsync(Exchange x, AnswerFlow flow)
    {
        while (await flow.Parts.MoveNextAsync())
        {
            var part = flow.Parts.Current;
            if (part.Fault is { } fault)
            {
                return fault;
            }

            flow.Held.Add(part);
            if (part.HasContent)
            {
                x.Ttft = x.Elapsed;
                return null;
            }
        }

        flow.HasEnded = true;
        return null;
    }

    private static async Task<AnswerFault?> WatchAsync(Exchange x, AnswerFlow flow, CancellationToken cancellationToken)
    {
        foreach (var part in flow.Held)
        {
            await WriteAsync(x, flow, part, cancellationToken);
        }

        while (!flow.HasEnded && await flow.Parts.MoveNextAsync())
        {
            if (flow.Parts.Current.Fault is { } fault)
            {
                return fault;
            }

            await WriteAsync(x, flow, flow.Parts.Current, cancellationToken);
        }

        return flow.Ledger.RawBody.Length == 0 && (flow.Ledger.Choices.Count == 0 || flow.Ledger.Choices.Any(c => c.FinishReason is null))
            ? new AnswerFault { Status = 502, Message = $"{x.Backend!.Name} ended its answer without saying why.", Type = "upstream_error", Code = "upstream_fault" }
            : null;
    }

    private static ValueTask WriteAsync(Exchange x, AnswerFlow flow, AnswerPart part, CancellationToken cancellationToken)
    {
        var choice = flow.Ledger.Add(part);
        x.IsRefusal = flow.Ledger.IsRefusal;
        if (part.FinishReason is not null && x.Retrieved is not null)
        {
            Cite(x, choice);
        }

        return flow.Sink.WriteAsync(part, choice, cancellationToken);
    }

    /// <summary>
    /// A backend that writes its own text cites with <c>[n]</c>, or forgets to: then its sentences are compared with the passages. One that
    /// extracts says itself where each sentence comes from.
    /// </summary>
    private static void Cite(Exchange x, ChoiceState choice)
    {
        if (choice.Citations.Count == 0 && x.Prompt is not null)
        {
            var text = choice.Text.ToString();
            choice.Citations.AddRange(CitationFinder.Find(text, x.Retrieved!.Passages));
            if (choice.Citations.Count == 0)
            {
                choice.Citations.AddRange(SentenceSource.Find(text, x.Query!, x.Retrieved.Passages));
            }
        }

        x.Citations = x.Citations.Count == 0 ? choice.Citations : x.Citations;
    }

    private AnswerFault? Settle(Exchange x, AnswerLedger ledger)
    {
        x.Usage = ledger.Usage;
        if (ledger.Usage is null && _counter is not null && x.PromptTokens is { } prompt)
        {
            var (completion, isExact) = (0, x.IsPromptExact);
            foreach (var choice in ledger.Choices)
            {
                var count = _counter.Count(x.Served!.Id, choice.Text.ToString());
                completion += count.Tokens;
                isExact &= count.IsExact;
            }

            x.Usage = new TokenUsage(prompt, completion, null, isExact ? UsageSource.Counted : UsageSource.Estimated);
        }

        Sight(x);
        if (x.Usage is { } usage)
        {
            var source = UsageWords.Of(usage.Source);
            meters.Tokens.Add(usage.PromptTokens, new("kind", "prompt"), new("model", x.Served!.Id), new("source", source));
            meters.Tokens.Add(usage.CompletionTokens, new("kind", "completion"), new("model", x.Served.Id), new("source", source));
        }

        return null;
    }

    /// <summary>Compares our count with what the upstream says it read: one that cut the prompt answers 200 and says nothing else.</summary>
    private void Sight(Exchange x)
    {
        if (x.PromptTokens is not { } counted || x.Usage is not { Source: UsageSource.Provider } usage || x.Request is not { } request)
        {
            return;
        }

        var cut = truncations.Observe(new PromptSighting
        {
            Upstream = x.Backend!.Name,
            Model = x.Served!.Id,
            Counted = new TokenCount(counted, x.IsPromptExact),
            ReportedTokens = usage.PromptTokens,
            HasToolsOrMedia = request.Tools is not null || request.Messages.Any(m => m.HasMedia),
        });
        if (cut is not null)
        {
            x.Warnings.Add($"prompt-truncated-upstream: {x.Backend.Name} read {cut.ReportedTokens} tokens of about {cut.ExpectedTokens}");
            x.Shortenings.Add(new TraceShortening("prompt", x.Backend.Name, cut.MissingTokens));
            meters.PromptsTruncated.Add(1, new("upstream", x.Backend.Name), new("model", x.Served.Id));
        }
    }

    private async Task EndAsync(Exchange x, AnswerFlow flow, AnswerFault? fault, CancellationToken cancellationToken)
    {
        if (fault is null)
        {
            await flow.Sink.FinishAsync(flow.Ledger, cancellationToken);
        }
        else
        {
            (x.Fault, x.IsCutShort) = (fault, true);
            meters.StreamFaults.Add(1);
            await flow.Sink.FailAsync(fault, cancellationToken);
        }

        x.Begin();
        x.Duration = x.Elapsed;
        x.End("record", "kept");
        records.Add(x);
        await flow.Sink.CloseAsync(cancellationToken);
    }

    private AnswerFault? Stage(Exchange x, string name, Func<Exchange, AnswerFault?> stage)
    {
        x.Begin();
        var fault = stage(x);
        End(x, name, fault);
        return fault;
    }

    private async Task<AnswerFault?> StageAsync(Exchange x, string name, Func<Exchange, CancellationToken, Task<AnswerFault?>> stage, CancellationToken cancellationToken)
    {
        x.Begin();
        AnswerFault? fault;
        try
        {
            fault = await stage(x, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            x.End(name, "the client left");
            throw;
        }
        catch (OperationCanceledException) when (drain.Token.IsCancellationRequested)
        {
            fault = Refusals.Stopping(drain.Time);
        }

        End(x, name, fault);
        return fault;
    }

    private void End(Exchange x, string name, AnswerFault? fault)
    {
        x.End(name, fault?.Code ?? Verdicts.Of(name, x), fault?.Message);
        meters.StageSeconds.Record(x.Stages[^1].Microseconds / 1e6, new KeyValuePair<string, object?>("stage", name));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Prompt {Prompt} cannot be rendered: {Fault}")]
        public static partial void PromptFault(ILogger logger, string prompt, string fault);
    }
}
