using Holdfast.Abstractions.Reading;
using Holdfast.Abstractions.Searching;
using Holdfast.Dashboard.Pages;
using Holdfast.Dashboard.Views;
using Holdfast.Dashboard.Words;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Dashboard.Serving;

/// <summary>What was read, and what was refused?</summary>
internal static class DocumentsEndpoint
{
    public static async Task<IResult> ServeAsync(
        HttpContext context,
        string? collection,
        string? quarantined,
        string? after,
        IDocumentCatalogue catalogue,
        IRetriever retriever,
        DashboardOptions options,
        TimeProvider time)
    {
        var isQuarantined = quarantined == "true";
        var chosen = string.IsNullOrEmpty(collection) ? null : collection;
        // One more than is shown tells whether there is a next page.
        var rows = await catalogue.ListAsync(
            new DocumentFilter { Collection = chosen, IsQuarantined = isQuarantined, After = string.IsNullOrEmpty(after) ? null : after, Limit = options.DocumentsShown + 1 },
            context.RequestAborted);
        var shown = rows.Take(options.DocumentsShown).ToList();
        return PageResult.Of<DocumentsPage>(
            StatusCodes.Status200OK,
            (nameof(DocumentsPage.Page), Session.Page(context, isQuarantined ? "Quarantine" : "Documents", "/documents", $"as of {Units.Clock(time.GetUtcNow())} UTC")),
            (nameof(DocumentsPage.View), new DocumentsView(shown, retriever.Collections, chosen, isQuarantined, rows.Count > shown.Count ? shown[^1].Id : null)));
    }
}
