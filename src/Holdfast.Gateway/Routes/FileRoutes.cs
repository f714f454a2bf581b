using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Reading;
using Holdfast.Gateway.Files;
using Holdfast.Gateway.Options;
using Holdfast.Gateway.Wire;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Gateway.Routes;

/// <summary><c>/v1/files</c>: uploads, and the documents of all collections under their ids.</summary>
internal sealed class FileRoutes(GatewayOptions options, FileShelf shelf, UploadReader uploads, IEnumerable<IDocumentCatalogue> catalogues, IEnumerable<IIngest> ingests)
{
    private const int LimitMax = 10_000;
    private readonly IDocumentCatalogue? _catalogue = catalogues.FirstOrDefault();
    private readonly IIngest? _ingest = ingests.FirstOrDefault();

    public async Task UploadAsync(HttpContext context)
    {
        var x = context.Features.Exchange();
        var (file, purpose, fault) = await uploads.ReadAsync(context, options.Limits.UploadBytesMax, options.Limits.BodyDeadline);
        if (file is null)
        {
            x.Fault = fault;
            return;
        }

        var content = new byte[file.Length];
        await using (var stream = file.OpenReadStream())
        {
            await stream.ReadExactlyAsync(content, context.RequestAborted);
        }

        StoredFile? stored;
        try
        {
            stored = shelf.Add(Path.GetFileName(file.FileName.Replace('\\', '/')), purpose, content);
        }
        catch (IOException disk)
        {
            context.Features.Exchange().Fault = Refusals.Full($"The file could not be kept: {disk.Message.TrimEnd('.')}. Nothing was stored.", TimeSpan.FromSeconds(30), "disk_refuses");
            return;
        }

        if (stored is null)
        {
            x.Fault = Refusals.TooLarge($"The uploaded files together may have {options.Limits.FilesBytesMax} bytes (gateway.limits.filesBytesMax); delete some first.", "files_full");
            return;
        }

        await JsonAnswer.WriteAsync(context, json => Write(json, stored));
    }

    /// <summary>Uploads first, newest on top, then the documents by path.</summary>
    public async Task ListAsync(HttpContext context)
    {
        var (limit, fault) = PageQuery.Limit(context.Request, 1_000, LimitMax);
        if (fault is not null)
        {
            context.Features.Exchange().Fault = fault;
            return;
        }

        var after = PageQuery.Text(context.Request, "after");
        var uploaded = shelf.List().SkipWhile(f => after is not null && f.Id != after).Skip(after is null ? 0 : 1).Take(limit).ToList();
        var afterIsDocument = after is not null && shelf.Find(after) is null;
        uploaded = afterIsDocument ? [] : uploaded;
        IReadOnlyList<DocumentRow> documents = _catalogue is null || uploaded.Count == limit
            ? []
            : await _catalogue.ListAsync(new DocumentFilter { After = afterIsDocument ? after : null, Limit = limit - uploaded.Count }, context.RequestAborted);
        var items = uploaded.Select(f => (f.Id, Upload: (StoredFile?)f, Row: (DocumentRow?)null))
            .Concat(documents.Where(d => shelf.Find(d.Id) is null).Select(d => (d.Id, Upload: (StoredFile?)null, Row: (DocumentRow?)d)))
            .ToList();
        await JsonAnswer.WriteAsync(context, json => JsonAnswer.List(json, items, uploaded.Count + documents.Count == limit, i => i.Id, static (w, item) =>
        {
            if (item.Upload is { } file)
            {
                Write(w, file);
            }
            else
            {
                Write(w, item.Row!);
            }
        }));
    }

    public async Task FindAsync(HttpContext context)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        if (shelf.Find(id) is { } file)
        {
            await JsonAnswer.WriteAsync(context, json => Write(json, file));
        }
        else if (await FindDocumentAsync(id, context) is { } document)
        {
            await JsonAnswer.WriteAsync(context, json => Write(json, document.Row));
        }
        else
        {
            context.Features.Exchange().Fault = NotThere(id);
        }
    }

    /// <summary>The bytes of an upload; with <c>?extracted=true</c> the text that offsets of citations count in.</summary>
    public async Task ContentAsync(HttpContext context)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        var response = context.Response;
        response.Headers.XContentTypeOptions = "nosniff";
        if (PageQuery.Text(context.Request, "extracted") == "true")
        {
            if (await FindDocumentAsync(id, context) is not { } document)
            {
                context.Features.Exchange().Fault = shelf.Find(id) is null
                    ? NotThere(id)
                    : Refusals.NotFound("file_not_read", $"The file '{id}' was uploaded and not read yet; add it to a vector store.");
                return;
            }

            response.ContentType = "text/plain; charset=utf-8";
            await response.WriteAsync(document.Text, context.RequestAborted);
            return;
        }

        if (shelf.Find(id) is not { } file)
        {
            context.Features.Exchange().Fault = await FindDocumentAsync(id, context) is null
                ? NotThere(id)
                : Refusals.NotFound("file_in_folder", $"The bytes of '{id}' lie in its folder and not here; '?extracted=true' gives its text.");
            return;
        }

        // Never a type that a browser would run.
        response.ContentType = "application/octet-stream";
        response.ContentLength = file.Bytes;
        await response.Body.WriteAsync(await shelf.ReadAsync(file, context.RequestAborted), context.RequestAborted);
    }

    public async Task RemoveAsync(HttpContext context)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        var document = await FindDocumentAsync(id, context);
        if (shelf.Find(id) is null)
        {
            context.Features.Exchange().Fault = document is null
                ? NotThere(id)
                : Refusals.Conflict($"'{id}' comes from a folder; delete the file there and it leaves the index.", "id");
            return;
        }

        if (document is not null && _ingest is not null)
        {
            await _ingest.RemoveAsync(document.Row.Collection, id, context.RequestAborted);
        }

        shelf.Remove(id);
        await JsonAnswer.WriteAsync(context, json => Deleted(json, id, "file"));
    }

    public static void Deleted(Utf8JsonWriter json, string id, string kind)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("object"u8, kind);
        json.WriteBoolean("deleted"u8, true);
        json.WriteEndObject();
    }

    private Task<DocumentContent?> FindDocumentAsync(string id, HttpContext context) =>
        _catalogue?.FindAsync(id, context.RequestAborted) ?? Task.FromResult<DocumentContent?>(null);

    private static AnswerFault NotThere(string id) => Refusals.NotFound("file_not_found", $"There is no file '{id}'; GET /v1/files lists them.");

    private static void Write(Utf8JsonWriter json, StoredFile file) =>
        Write(json, file.Id, file.Bytes, file.CreatedAt, file.Name, file.Purpose, null);

    private static void Write(Utf8JsonWriter json, DocumentRow row) =>
        Write(json, row.Id, row.Bytes, row.AddedAt, row.Path, "assistants", row.Quarantine);

    private static void Write(Utf8JsonWriter json, string id, long bytes, DateTimeOffset at, string name, string purpose, string? fault)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("object"u8, "file"u8);
        json.WriteNumber("bytes"u8, bytes);
        json.WriteNumber("created_at"u8, at.ToUnixTimeSeconds());
        json.WriteString("filename"u8, name);
        json.WriteString("purpose"u8, purpose);
        json.WriteString("status"u8, fault is null ? "processed"u8 : "error"u8);
        if (fault is not null)
        {
            json.WriteString("status_details"u8, fault);
        }

        json.WriteEndObject();
    }
}
