using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Reading;
using Holdfast.Abstractions.Recording;
using Holdfast.Abstractions.Searching;
using Holdfast.Abstractions.Status;
using Holdfast.Dashboard;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Holdfast.Tests.Dashboard;

/// <summary>The pages on a real Kestrel on loopback. A header of the test says who is signed in, in the place of the gateway.</summary>
internal sealed class DashboardHost : IAsyncDisposable
{
    public const string VisitorHeader = "x-test-visitor";

    private readonly WebApplication _app;

    private DashboardHost(WebApplication app, HandbookRoom room)
    {
        _app = app;
        Room = room;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(app.Urls.First()) };
        Client.DefaultRequestHeaders.Add(VisitorHeader, "admin");
    }

    public HandbookRoom Room { get; }

    /// <summary>Signed in with an admin key.</summary>
    public HttpClient Client { get; }

    public static async Task<DashboardHost> StartAsync(IKvPoolStatus? pool = null, DashboardOptions? options = null)
    {
        var room = new HandbookRoom();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        AddRoom(builder.Services, room, pool);
        builder.Services.AddDashboard(options);
        var app = builder.Build();
        app.Use((context, next) =>
        {
            SignIn(context, context.Request.Headers[VisitorHeader]);
            return next(context);
        });
        app.MapDashboard();
        await app.StartAsync();
        return new DashboardHost(app, room);
    }

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

    /// <summary>Gets a page, as text with its entities decoded by nobody: what a browser would receive.</summary>
    public async Task<string> PageAsync(string address)
    {
        using var response = await Client.GetAsync(new Uri(address, UriKind.Relative));
        return await response.Content.ReadAsStringAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
