using System.Globalization;
using Holdfast.Abstractions.Reading;
using Holdfast.Dashboard.Pages;
using Holdfast.Dashboard.Views;
using Holdfast.Dashboard.Words;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Dashboard.Serving;

/// <summary>Where does this citation come from?</summary>
internal static class DocumentEndpoint
{
    public static async Task<IResult> ServeAsync(HttpContext context, string id, string? from, string? start, string? length, IDocumentCatalogue catalogue, DashboardOptions options)
    {
        if (await catalogue.FindAsync(id, context.RequestAborted) is not { } content)
        {
            return PageResult.Message(context, StatusCodes.Status404NotFound, "No document of this id is here.", "It was deleted or has another id since; the list has what is there now.");
        }

        var view = DocumentLayout.Of(content, options, Place(from), Place(start), Place(length));
        return PageResult.Of<DocumentPage>(
            StatusCodes.Status200OK,
            (nameof(DocumentPage.Page), Session.Page(context, content.Row.Path, "/documents", $"read {Units.Date(content.Row.AddedAt)}")),
            (nameof(DocumentPage.View), view));
    }

    /// <summary>A number of an address; what is none, or lies outside of any text, becomes a place that the page reports as outside.</summary>
    private static int? Place(string? word) => string.IsNullOrEmpty(word) ? null
        : int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var place) ? place
        : -1;
}
