using Holdfast.Abstractions.Status;
using Holdfast.Dashboard.Assets;
using Holdfast.Dashboard.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Dashboard;

/// <summary>The addresses of the console.</summary>
public static class DashboardRoutes
{
    /// <summary>
    /// Maps the pages and their assets. The host authenticates first and leaves the facts of <see cref="PageSession"/>; <c>/sign-in</c> and
    /// <c>/assets/*</c> are for everyone, everything else is closed without them. A client's key may ask and open what an answer cites.
    /// </summary>
    public static IEndpointRouteBuilder MapDashboard(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods("/assets/{file}", [HttpMethods.Get, HttpMethods.Head], AssetEndpoint.ServeAsync);
        endpoints.MapGet("/sign-in", SignInEndpoint.Serve).AddEndpointFilter(PageGate.OpenAsync);
        endpoints.MapGet("/", AskEndpoint.ServeAsync).AddEndpointFilter(PageGate.SignedInAsync);
        endpoints.MapGet("/ask", AskEndpoint.ServeAsync).AddEndpointFilter(PageGate.SignedInAsync);
        endpoints.MapGet("/overview", OverviewEndpoint.Serve).AddEndpointFilter(PageGate.AdminAsync);
        endpoints.MapGet("/requests", RequestsEndpoint.ServeAsync).AddEndpointFilter(PageGate.AdminAsync);
        endpoints.MapGet("/requests/{id}", TraceEndpoint.ServeAsync).AddEndpointFilter(PageGate.AdminAsync);
        endpoints.MapGet("/documents", DocumentsEndpoint.ServeAsync).AddEndpointFilter(PageGate.AdminAsync);
        endpoints.MapGet("/documents/{id}", DocumentEndpoint.ServeAsync).AddEndpointFilter(PageGate.SignedInAsync);
        if (endpoints.ServiceProvider.GetService<IKvPoolStatus>() is not null)
        {
            endpoints.MapGet("/kv", KvEndpoint.Serve).AddEndpointFilter(PageGate.AdminAsync);
            endpoints.MapGet("/admin/kv", KvEndpoint.ServeJson).AddEndpointFilter(PageGate.AdminAsync);
        }

        return endpoints;
    }
}
