using Holdfast.Abstractions.Status;
using Holdfast.Dashboard.Pages;
using Holdfast.Dashboard.Words;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Dashboard.Serving;

/// <summary>Is it safe to send traffic, and what limits next?</summary>
internal static class OverviewEndpoint
{
    public static IResult Serve(HttpContext context, IServiceStatus status)
    {
        var service = status.Take();
        return PageResult.Of<OverviewPage>(
            StatusCodes.Status200OK,
            (nameof(OverviewPage.Page), Session.Page(context, "Overview", "/overview", $"figures from {Units.Clock(service.At)} UTC")),
            (nameof(OverviewPage.Service), service));
    }
}
