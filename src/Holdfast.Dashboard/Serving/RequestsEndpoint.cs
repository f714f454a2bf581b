using Holdfast.Abstractions.Recording;
using Holdfast.Dashboard.Pages;
using Holdfast.Dashboard.Views;
using Holdfast.Dashboard.Words;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Dashboard.Serving;

/// <summary>What was asked, newest first.</summary>
internal static class RequestsEndpoint
{
    public static async Task<IResult> ServeAsync(HttpContext context, string? before, string? only, ITraceReader traces, DashboardOptions options, TimeProvider time)
    {
        var kind = RequestKinds.Parse(only);
        var view = await ReadAsync(traces, kind, string.IsNullOrEmpty(before) ? null : before, options, context.RequestAborted);
        return PageResult.Of<RequestsPage>(
            StatusCodes.Status200OK,
            (nameof(RequestsPage.Page), Session.Page(context, "Requests", "/requests", $"as of {Units.Clock(time.GetUtcNow())} UTC")),
            (nameof(RequestsPage.View), view));
    }

    /// <summary>Fills a page; where a kind is asked for, reads on until it is full, the record ends or the bound is met.</summary>
    private static async Task<RequestsView> ReadAsync(ITraceReader traces, RequestKind? only, string? before, DashboardOptions options, CancellationToken cancellationToken)
    {
        var rows = new List<TraceRow>();
        var (cursor, scanned) = (before, 0);
        while (rows.Count < options.RequestsShown && scanned < options.RequestsScannedMax)
        {
            var wanted = only is null ? options.RequestsShown : Math.Min(500, options.RequestsScannedMax - scanned);
            var batch = await traces.ListAsync(wanted, cursor, cancellationToken);
            foreach (var row in batch)
            {
                (cursor, scanned) = (row.Id, scanned + 1);
                if (only is null || RequestKinds.Of(row.Status) == only)
                {
                    rows.Add(row);
                    if (rows.Count == options.RequestsShown)
                    {
                        break;
                    }
                }
            }

            if (batch.Count < wanted && rows.Count < options.RequestsShown)
            {
                return new RequestsView(rows, only, before is null, Before: null, scanned);
            }
        }

        return new RequestsView(rows, only, before is null, cursor, scanned);
    }
}
