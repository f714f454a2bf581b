using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Reading;
using Holdfast.Abstractions.Searching;
using Holdfast.Gateway.Files;
using Holdfast.Gateway.Options;
using Holdfast.Gateway.Wire;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Gateway.Routes;

/// <summary><c>/v1/vector_stores/{id}/files</c>: an upload is read into a collection, and what is in it is listed.</summary>
internal sealed class StoreFileRoutes(
    GatewayOptions options,
    BodyReader bodies,
    FileShelf shelf,
    IEnumerable<IRetriever> retrievers,
    IEnumerable<IIngest> ingests,
    IEnumerable<IDocumentCatalogue> catalogues)
{
    private const int LimitMax = 1_000;
    private readonly IRetriever? _retriever = retrievers.FirstOrDefault();
    private readonly IIngest? _ingest = ingests.FirstOrDefault();
    private readonly IDocumentCatalogue? _catalogue = catalogues.FirstOrDefault();

    /// <summary>Reads the file at once: when the answer comes it can be found, or the answer says why not.</summary>
    public async Task AttachAsync(HttpContext context)
    {
        var x = context.Features.Exchange();
        var (body, fault) = await bodies.ReadJsonAsync(context, options.Limits.BodyBytesMax, options.Limits.BodyDeadline);
        x.Received = body;
        if (fault is not null || StoreRoutes.Find(context, _retriever) is not { } store)
        {
            x.Fault ??= fault;
            return;
        }

        (var id, var attributes, fault) = Read(body);
        var file = id is null ? null : shelf.Find(id);
        if (fault is null && (file is null || _ingest is null))
        {
            fault = Refusals.NotFound("file_not_found", $"There is no uploaded file '{id}'; POST /v1/files first.", "file_id");
        }

        if (fault is not null)
        {
            x.Fault = fault;
            return;
        }

        var content = await shelf.ReadAsync(file!, context.RequestAborted);
        var outcome = await _ingest!.AddAsync(new IngestItem(store.Name, file!.Id, file.Name, content, attributes), context.RequestAborted);
        await JsonAnswer.WriteAsync(context, json => Write(json, store.Name, file.Id, file.Bytes, x.At, outcome.Quarantine, attributes));
    }

    public async Task ListAsync(HttpContext context)
    {
        var (limit, fault) = PageQuery.Limit(context.Request, 20, LimitMax);
        if (fault is not null || StoreRoutes.Find(context, _retriever) is not { } store)
        {
            context.Features.Exchange().Fault ??= fault;
            return;
        }

        var filter = new DocumentFilter { Collection = store.Name, After = PageQuery.Text(context.Request, "after"), Limit = limit };
        var rows = _catalogue is null ? [] : await _catalogue.ListAsync(filter, context.RequestAborted);
        await JsonAnswer.WriteAsync(context, json => JsonAnswer.List(json, rows, rows.Count == limit, r => r.Id, Write));
    }

    public async Task FindAsync(HttpContext context)
    {
        if (await FindRowAsync(context) is { } row)
        {
            await JsonAnswer.WriteAsync(context, json => Write(json, row));
        }
    }

    public async Task RemoveAsync(HttpContext context)
    {
        if (await FindRowAsync(context) is not { } row)
        {
            return;
        }

        if (shelf.Find(row.Id) is null)
        {
            context.Features.Exchange().Fault = Refusals.Conflict($"'{row.Path}' comes from a folder; delete the file there and it leaves the index.", "file_id");
            return;
        }

        await (_ingest?.RemoveAsync(row.Collection, row.Id, context.RequestAborted) ?? Task.FromResult(false));
        await JsonAnswer.WriteAsync(context, json => FileRoutes.Deleted(json, row.Id, "vector_store.file.deleted"));
    }

    private async Task<DocumentRow?> FindRowAsync(HttpContext context)
    {
        if (StoreRoutes.Find(context, _retriever) is not { } store)
        {
            return null;
        }

        var id = (string)context.Request.RouteValues["id"]!;
        var found = _catalogue is null ? null : await _catalogue.FindAsync(id, context.RequestAborted);
        if (found?.Row.Collection == store.Name)
        {
            return found.Row;
        }

        context.Features.Exchange().Fault = Refusals.NotFound("file_not_found", $"There is no file '{id}' in '{store.Name}'.", "file_id");
        return null;
    }

    private static (string? Id, IReadOnlyDictionary<string, object> Attributes, AnswerFault? Fault) Read(byte[] body)
    {
        var attributes = new Dictionary<string, object>();
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("file_id", out var id) || id.ValueKind != JsonValueKind.String)
            {
                return (null, attributes, Refusals.BadRequest("missing_parameter", "'file_id' is missing.", "file_id"));
            }

            if (root.TryGetProperty("attributes", out var given) && given.ValueKind == JsonValueKind.Object)
            {
                foreach (var attribute in given.EnumerateObject())
                {
                    object? value = attribute.Value.ValueKind switch
                    {
                        JsonValueKind.String => attribute.Value.GetString(),
                        JsonValueKind.Number => attribute.Value.GetDouble(),
                        JsonValueKind.True => true,
                        JsonValueKind.False => false,
                        _ => null,
                    };
                    if (value is null)
                    {
                        return (null, attributes, Refusals.BadRequest("invalid_type", "An attribute is a string, a number or a flag.", $"attributes.{attribute.Name}"));
                    }

                    attributes[attribute.Name] = value;
                }
            }

            return (id.GetString(), attributes, null);
        }
        catch (JsonException broken)
        {
            return (null, attributes, JsonFaults.Broken(body, broken));
        }
    }

    private static void Write(Utf8JsonWriter json, DocumentRow row) =>
        Write(json, row.Collection, row.Id, row.Bytes, row.AddedAt, row.Quarantine, row.Attributes);

    private static void Write(Utf8JsonWriter json, string store, string id, long bytes, DateTimeOffset at, string? quarantine, IReadOnlyDictionary<string, object> attributes)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("object"u8, "vector_store.file"u8);
        json.WriteNumber("usage_bytes"u8, bytes);
        json.WriteNumber("created_at"u8, at.ToUnixTimeSeconds());
        json.WriteString("vector_store_id"u8, store);
        json.WriteString("status"u8, quarantine is null ? "completed"u8 : "failed"u8);
        if (quarantine is null)
        {
            json.WriteNull("last_error"u8);
        }
        else
        {
            json.WriteStartObject("last_error"u8);
            json.WriteString("code"u8, "invalid_file"u8);
            json.WriteString("message"u8, quarantine);
            json.WriteEndObject();
        }

        DocumentJson.Attributes(json, attributes);
        json.WriteEndObject();
    }
}
