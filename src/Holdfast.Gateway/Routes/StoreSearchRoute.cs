using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Searching;
using Holdfast.Gateway.Options;
using Holdfast.Gateway.Wire;
using Holdfast.Traffic.Admission;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Gateway.Routes;

/// <summary><c>POST /v1/vector_stores/{id}/search</c>.</summary>
internal sealed class StoreSearchRoute(GatewayOptions options, BodyReader bodies, InFlightLimit inFlight, IEnumerable<IRetriever> retrievers)
{
    private const int ResultsMax = 50;
    private const int ResultsByDefault = 10;
    private readonly IRetriever? _retriever = retrievers.FirstOrDefault();

    public async Task SearchAsync(HttpContext context)
    {
        var x = context.Features.Exchange();
        using var lease = inFlight.TryTake();
        if (lease is null)
        {
            x.Fault = InFlightRefusal.Of(inFlight);
            return;
        }

        var (body, fault) = await bodies.ReadJsonAsync(context, options.Limits.BodyBytesMax, options.Limits.BodyDeadline);
        x.Received = body;
        if (fault is not null || StoreRoutes.Find(context, _retriever) is not { } store)
        {
            x.Fault ??= fault;
            return;
        }

        x.Begin();
        (var wish, fault) = SearchWish.Read(body, ResultsByDefault, ResultsMax);
        x.End("parse", fault?.Code ?? "ok");
        if (wish is null)
        {
            x.Fault = fault;
            return;
        }

        x.Begin();
        (x.Collection, x.Query) = (store.Name, wish.Text);
        var found = await _retriever!.SearchAsync(new SearchQuery { Collection = store.Name, Text = wish.Text, Filter = wish.Filter, TopK = wish.ResultsMax }, context.RequestAborted);
        x.Retrieved = found;
        x.End("retrieve", found.Fault?.Message ?? $"{found.Passages.Count} passages");
        x.Fault = Refused(found);
        if (x.Fault is null)
        {
            await JsonAnswer.WriteAsync(context, json => Write(json, wish, found));
        }
    }

    private static AnswerFault? Refused(SearchResult found) => found.Fault switch
    {
        null => null,
        { IsUnknownCollection: true } missing => Refusals.NotFound("vector_store_not_found", missing.Message, "vector_store_id"),
        { } unusable => Refusals.BadRequest("invalid_value", unusable.Message, unusable.Param),
    };

    private static void Write(Utf8JsonWriter json, SearchWish wish, SearchResult found)
    {
        json.WriteStartObject();
        json.WriteString("object"u8, "vector_store.search_results.page"u8);
        json.WriteStartArray("search_query"u8);
        foreach (var query in wish.Queries)
        {
            json.WriteStringValue(query);
        }

        json.WriteEndArray();
        json.WriteStartArray("data"u8);
        foreach (var passage in found.Passages.Where(p => p.Score >= wish.ScoreMin))
        {
            json.WriteStartObject();
            json.WriteString("file_id"u8, passage.DocumentId);
            json.WriteString("filename"u8, passage.Document);
            json.WriteNumber("score"u8, Math.Round(passage.Score, 6));
            DocumentJson.Attributes(json, passage.Attributes);
            json.WriteStartArray("content"u8);
            json.WriteStartObject();
            json.WriteString("type"u8, "text"u8);
            json.WriteString("text"u8, passage.Text);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteBoolean("has_more"u8, false);
        json.WriteNull("next_page"u8);
        json.WriteEndObject();
    }
}
