using Holdfast.Abstractions.Status;
using Holdfast.Dashboard;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

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
        HandbookWiring.AddRoom(builder.Services, room, pool);
        builder.Services.AddDashboard(options);
        var app = builder.Build();
        app.Use((context, next) =>
        {
            HandbookWiring.SignIn(context, context.Request.Headers[VisitorHeader]);
            return next(context);
        });
        app.MapDashboard();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new DashboardHost(app, room);
    }

    public Task<HttpResponseMessage> GetAsync(string address) =>
        Client.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);

    public static Task<string> ReadAsync(HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    /// <summary>Gets a page as a browser receives it.</summary>
    public async Task<string> PageAsync(string address)
    {
        using var response = await GetAsync(address);
        return await ReadAsync(response);
    }

    /// <summary>Who is signed in from now on: admin, client, or nobody (null).</summary>
    public void Visit(string? visitor)
    {
        Client.DefaultRequestHeaders.Remove(VisitorHeader);
        if (visitor is not null)
        {
            Client.DefaultRequestHeaders.Add(VisitorHeader, visitor);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
