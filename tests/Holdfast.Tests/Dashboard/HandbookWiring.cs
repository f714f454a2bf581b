using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Reading;
using Holdfast.Abstractions.Recording;
using Holdfast.Abstractions.Searching;
using Holdfast.Abstractions.Status;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Holdfast.Tests.Dashboard;

/// <summary>Puts the room behind its seams, and a visitor in the place where the gateway would leave him.</summary>
internal static class HandbookWiring
{
    public static void AddRoom(IServiceCollection services, HandbookRoom room, IKvPoolStatus? pool)
    {
        services.AddSingleton<IAsk>(room);
        services.AddSingleton<ITraceReader>(room);
        services.AddSingleton<IDocumentCatalogue>(room);
        services.AddSingleton<IServiceStatus>(room);
        services.AddSingleton<IRetriever>(room);
        services.AddSingleton<TimeProvider>(new FakeTimeProvider(HandbookRoom.Now));
        if (pool is not null)
        {
            services.AddSingleton(pool);
        }
    }

    public static void SignIn(HttpContext context, string? visitor)
    {
        if (visitor is not ("admin" or "client"))
        {
            return;
        }

        context.Items[PageSession.KeyNameItem] = visitor == "admin" ? "owner" : "<i>reader</i>";
        context.Items[PageSession.IsAdminItem] = visitor == "admin";
        context.Items[PageSession.TokenItem] = "page-token-1";
    }
}
