using Holdfast.Abstractions.Recording;
using Holdfast.Dashboard.Pages;
using Holdfast.Dashboard.Words;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Dashboard.Serving;

/// <summary>What did this request really receive, send and answer?</summary>
internal static class TraceEndpoint
{
    public static async Task<IResult> ServeAsync(HttpContext context, string id, ITraceReader traces, DashboardOptions options) =>
        await traces.FindAsync(id, context.RequestAborted) is { } trace
            ? PageResult.Of<TracePage>(
                StatusCodes.Status200OK,
                (nameof(TracePage.Page), Session.Page(context, trace.Id, "/requests", $"recorded {Units.Date(trace.At)}")),
                (nameof(TracePage.Trace), trace),
                (nameof(TracePage.BodyCharactersMax), options.BodyCharactersShown))
            : PageResult.Message(context, StatusCodes.Status404NotFound, "No request of this id is recorded.", "Records are kept in day files up to a size; the oldest day goes first.");
}
