using Holdfast.Abstractions.Status;
using Holdfast.Dashboard.Pages;
using Holdfast.Dashboard.Views;
using Holdfast.Dashboard.Words;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Dashboard.Serving;

/// <summary>Who holds the KV blocks of the embedded engine?</summary>
internal static class KvEndpoint
{
    public static IResult Serve(HttpContext context, IKvPoolStatus pool, DashboardOptions options, TimeProvider time)
    {
        var snapshot = pool.Take();
        return PageResult.Of<KvPage>(
            StatusCodes.Status200OK,
            (nameof(KvPage.Page), Session.Page(context, "KV blocks", "/kv", $"figures from {Units.Clock(time.GetUtcNow())} UTC")),
            (nameof(KvPage.View), snapshot is null ? null : KvView.Of(snapshot, options.KvBlocksShown)));
    }

    /// <summary>The snapshot as JSON; <c>null</c> when no model is loaded.</summary>
    public static IResult ServeJson(IKvPoolStatus pool) =>
        // Results.Json writes an empty body for null, which is no JSON.
        pool.Take() is { } snapshot ? Results.Json(snapshot) : Results.Text("null", "application/json");
}
