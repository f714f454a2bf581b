using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Reading;
using Holdfast.Gateway.Models;
using Holdfast.Gateway.Wire;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Gateway.Routes;

/// <summary><c>/admin/documents</c>: what was read, what was refused and why.</summary>
internal sealed class AdminDocumentRoutes(IEnumerable<IDocumentCatalogue> catalogues, ModelDirectory models)
{
    private const int LimitMax = 10_000;
    private readonly IDocumentCatalogue? _catalogue = catalogues.FirstOrDefault();

    public async Task ListAsync(HttpContext context)
    {
        var request = context.Request;
        var (limit, fault) = PageQuery.Limit(request, 100, LimitMax);
        bool? isQuarantined = null;
        if (PageQuery.Text(request, "quarantined") is { } text)
        {
            isQuarantined = bool.TryParse(text, out var flag) ? flag : null;
            fault ??= isQuarantined is null ? Refusals.BadRequest("invalid_value", "'quarantined' must be true or false.", "quarantined") : null;
        }

        var collection = PageQuery.Text(request, "collection");
        if (collection is not null && !models.Collections.Any(known => known.Name == collection))
        {
            fault ??= Refusals.NotFound("collection_not_found", $"There is no collection '{collection}'. Collections: {(models.Collections.Count > 0 ? string.Join(", ", models.Collections.Select(known => known.Name)) : "none yet")}.", "collection");
        }

        if (fault is not null)
        {
            context.Features.Exchange().Fault = fault;
            return;
        }

        var filter = new DocumentFilter
        {
            Collection = collection,
            IsQuarantined = isQuarantined,
            After = PageQuery.Text(request, "after"),
            Limit = limit,
        };
        var rows = _catalogue is null ? [] : await _catalogue.ListAsync(filter, context.RequestAborted);
        await JsonAnswer.WriteAsync(context, json => JsonAnswer.List(json, rows, rows.Count == limit, r => r.Id, static (w, row) =>
        {
            w.WriteStartObject();
            DocumentJson.Row(w, row);
            w.WriteEndObject();
        }));
    }

    public async Task FindAsync(HttpContext context)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        var found = _catalogue is null ? null : await _catalogue.FindAsync(id, context.RequestAborted);
        if (found is null)
        {
            context.Features.Exchange().Fault = NotThere(id);
            return;
        }

        await JsonAnswer.WriteAsync(context, json => DocumentJson.Content(json, found));
    }

    private static AnswerFault NotThere(string id) => Refusals.NotFound("document_not_found", $"There is no document '{id}'; GET /admin/documents lists them.");
}
