using System.Text.Json;
using Holdfast.Abstractions.Recording;
using Holdfast.Gateway.Records;
using Holdfast.Gateway.Wire;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Gateway.Routes;

/// <summary><c>/admin/requests</c>: what came in, what went out, and why.</summary>
internal sealed class AdminRequestRoutes(ITraceReader traces)
{
    private const int LimitMax = 1_000;

    public async Task ListAsync(HttpContext context)
    {
        var (limit, fault) = PageQuery.Limit(context.Request, 50, LimitMax);
        if (fault is not null)
        {
            context.Features.Exchange().Fault = fault;
            return;
        }

        var rows = await traces.ListAsync(limit, PageQuery.Text(context.Request, "before"), context.RequestAborted);
        await JsonAnswer.WriteAsync(context, json => JsonAnswer.List(json, rows, rows.Count == limit, r => r.Id, Write));
    }

    public async Task FindAsync(HttpContext context)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        if (await traces.FindAsync(id, context.RequestAborted) is not { } trace)
        {
            context.Features.Exchange().Fault = Refusals.NotFound("request_not_found", $"There is no record of a request '{id}'; x-holdfast-request-id names it, and old ones go by gateway.records.filesBytesMax.");
            return;
        }

        await JsonAnswer.WriteAsync(context, json => JsonSerializer.Serialize(json, trace, RecordJson.Readable.RequestTrace));
    }

    private static void Write(Utf8JsonWriter json, TraceRow row) => JsonSerializer.Serialize(json, row, RecordJson.Readable.TraceRow);
}
