using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Reading;
using Holdfast.Abstractions.Searching;
using Holdfast.Gateway.Options;
using Holdfast.Gateway.Wire;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Gateway.Routes;

/// <summary><c>/v1/vector_stores</c>: collections as the OpenAI API knows them; the id is the name.</summary>
internal sealed class StoreRoutes(GatewayOptions options, BodyReader bodies, IEnumerable<IRetriever> retrievers, IEnumerable<IIngest> ingests)
{
    private const int NameLengthMax = 64;
    private readonly IRetriever? _retriever = retrievers.FirstOrDefault();
    private readonly IIngest? _ingest = ingests.FirstOrDefault();

    public Task ListAsync(HttpContext context)
    {
        var stores = _retriever?.Collections ?? [];
        return JsonAnswer.WriteAsync(context, json => JsonAnswer.List(json, stores, false, s => s.Name, Write));
    }

    public Task FindAsync(HttpContext context)
    {
        if (Find(context) is not { } store)
        {
            return Task.CompletedTask;
        }

        return JsonAnswer.WriteAsync(context, json => Write(json, store));
    }

    public async Task CreateAsync(HttpContext context)
    {
        var x = context.Features.Exchange();
        var (body, fault) = await bodies.ReadJsonAsync(context, options.Limits.BodyBytesMax, options.Limits.BodyDeadline);
        x.Received = body;
        (var name, fault) = fault is null ? ReadName(body) : (null, fault);
        if (fault is null && _ingest is null)
        {
            fault = Refusals.NotFound("not_configured", "This service keeps no documents.");
        }

        if (fault is null && !await _ingest!.CreateCollectionAsync(name!, context.RequestAborted))
        {
            fault = Refusals.Conflict($"A vector store '{name}' exists.", "name");
        }

        x.Fault = fault;
        if (fault is null)
        {
            var made = _retriever?.Collections.FirstOrDefault(c => c.Name == name) ?? new CollectionInfo(name!, x.At, 0, 0, 0, 0);
            await JsonAnswer.WriteAsync(context, json => Write(json, made));
        }
    }

    public async Task RemoveAsync(HttpContext context)
    {
        if (Find(context) is not { } store)
        {
            return;
        }

        await (_ingest?.RemoveCollectionAsync(store.Name, context.RequestAborted) ?? Task.FromResult(false));
        await JsonAnswer.WriteAsync(context, json => FileRoutes.Deleted(json, store.Name, "vector_store.deleted"));
    }

    /// <summary>The collection of the address; without one the fault is set.</summary>
    private CollectionInfo? Find(HttpContext context) => Find(context, _retriever);

    internal static CollectionInfo? Find(HttpContext context, IRetriever? retriever)
    {
        var id = (string)context.Request.RouteValues["store"]!;
        var all = retriever?.Collections ?? [];
        if (all.FirstOrDefault(c => c.Name == id) is { } found)
        {
            return found;
        }

        context.Features.Exchange().Fault = Refusals.NotFound(
            "vector_store_not_found",
            $"There is no vector store '{id}'. Known: {(all.Count == 0 ? "none" : string.Join(", ", all.Select(c => c.Name)))}.",
            "vector_store_id");
        return null;
    }

    private static (string? Name, AnswerFault? Fault) ReadName(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body.Length == 0 ? "{}"u8.ToArray() : body);
            var wanted = json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
                ? name.GetString()!
                : "";
            var made = CollectionSlug.Of(wanted);
            return made.Length is > 0 and <= NameLengthMax
                ? (made, null)
                : (null, Refusals.BadRequest("missing_parameter", $"'name' is needed: it becomes the id, 1 to {NameLengthMax} of a-z, 0-9 and -.", "name"));
        }
        catch (JsonException broken)
        {
            return (null, JsonFaults.Broken(body, broken));
        }
    }

    private static void Write(Utf8JsonWriter json, CollectionInfo store)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, store.Name);
        json.WriteString("object"u8, "vector_store"u8);
        json.WriteNumber("created_at"u8, store.CreatedAt.ToUnixTimeSeconds());
        json.WriteString("name"u8, store.Name);
        json.WriteNumber("usage_bytes"u8, store.TextBytes);
        json.WriteStartObject("file_counts"u8);
        json.WriteNumber("in_progress"u8, 0);
        json.WriteNumber("completed"u8, store.Documents);
        json.WriteNumber("failed"u8, store.Quarantined);
        json.WriteNumber("cancelled"u8, 0);
        json.WriteNumber("total"u8, store.Documents + store.Quarantined);
        json.WriteEndObject();
        json.WriteString("status"u8, "completed"u8);
        json.WriteNull("expires_at"u8);
        json.WriteNull("last_active_at"u8);
        json.WriteStartObject("metadata"u8);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
