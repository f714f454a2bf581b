using System.Runtime.CompilerServices;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Counting;
using Holdfast.Abstractions.Searching;
using Holdfast.Retrieval.Ranking;
using Holdfast.Retrieval.Storing;

namespace Holdfast.Retrieval.Answering;

/// <summary>
/// Answers with sentences of the retrieved passages, cited, and says so when nothing there answers. No model is behind it: a small
/// language model answered worse than extraction on the same questions.
/// </summary>
public sealed class ExtractiveBackend(DocumentStore store, ITokenCounter counter) : IBackend
{
    public const string ModelId = "extractive";

    private readonly SentencePicker _picker = new(store.Options, PickWeights.Default);

    /// <inheritdoc/>
    public string Name => ModelId;

    /// <inheritdoc/>
    public IReadOnlyList<ServedModel> Models { get; } = [new(ModelId, ModelAbilities.Chat, ContextTokens: null, OwnedBy: "holdfast")];

    /// <inheritdoc/>
    public async IAsyncEnumerable<AnswerPart> AnswerAsync(AnswerCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (ExtractiveLimits.Check(call) is { } unsupported)
        {
            yield return new AnswerPart { Fault = unsupported };
            yield break;
        }

        if (call.Retrieved is not { Fault: null } retrieved)
        {
            yield return new AnswerPart { Fault = NotRetrieved(call) };
            yield break;
        }

        var isRefusal = retrieved.Passages.Count == 0 || retrieved.Answerable.Verdict == AnswerabilityVerdict.No;
        var picked = isRefusal ? [] : _picker.Pick(await WeighAsync(retrieved, cancellationToken), retrieved.Passages);
        isRefusal = picked.Count == 0;
        var composer = new AnswerComposer(text => counter.Count(ModelId, text).Tokens);
        var answer = isRefusal
            ? composer.Say($"Nothing in the collection {retrieved.Collection} answers this question.", call.Request.MaxTokens, call.Request.Stop)
            : composer.Compose(picked, retrieved.Passages, call.Request.MaxTokens, call.Request.Stop);
        foreach (var piece in answer.Pieces)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new AnswerPart { Text = piece, HasContent = true, IsRefusal = isRefusal };
        }

        var promptTokens = counter.CountPrompt(ModelId, call.Kind, call.Request).Tokens;
        var completionTokens = answer.Content.Length == 0 ? 0 : counter.Count(ModelId, answer.Content).Tokens;
        yield return new AnswerPart
        {
            FinishReason = answer.FinishReason,
            Citations = answer.Citations,
            IsRefusal = isRefusal,
            Usage = new TokenUsage(promptTokens, completionTokens, CachedTokens: null, UsageSource.Counted),
        };
    }

    // The collection's own statistics; a collection that another retriever searched has none here, so its passages stand in for it.
    private Task<IReadOnlyList<QueryTerm>> WeighAsync(SearchResult retrieved, CancellationToken cancellationToken)
    {
        var terms = QueryTerms.Read(retrieved.Query, store.Options.QueryUnitsMax);
        return store.ReadAsync(
            connection => CandidateQuery.Collection(connection, retrieved.Collection) is { } collection
                ? CandidateQuery.Weigh(connection, collection.Number, collection.Passages, terms, store.Options.QueryTermsMax)
                : PassageStatistics.Weigh(terms, retrieved.Passages, store.Options.QueryTermsMax),
            cancellationToken);
    }

    private AnswerFault NotRetrieved(AnswerCall call)
    {
        if (call.Retrieved?.Fault is { } fault)
        {
            return new AnswerFault
            {
                Status = fault.IsUnknownCollection ? 404 : 400,
                Type = "invalid_request_error",
                Code = fault.IsUnknownCollection ? "collection_not_found" : "invalid_value",
                Param = fault.Param,
                Message = fault.Message,
            };
        }

        var names = store.Collections.Take(20).Select(collection => $"{ModelId}@{collection.Name}").ToArray();
        var says = names.Length == 0 ? "there is no collection yet: start with a folder, or create a vector store" : $"ask one of {string.Join(", ", names)}";
        return new AnswerFault
        {
            Status = 400,
            Type = "invalid_request_error",
            Code = "collection_missing",
            Param = "model",
            Message = $"{ModelId} answers from documents and the model name '{call.Model}' carries no collection; {says}",
        };
    }
}
