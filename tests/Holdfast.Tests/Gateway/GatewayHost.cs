using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Searching;
using Holdfast.Gateway;
using Holdfast.Gateway.Keys;
using Holdfast.Gateway.Options;
using Holdfast.Gateway.Status;
using Holdfast.Gateway.Upstreams;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.Tests.Gateway;

/// <summary>The real gateway on real Kestrel, on a free loopback port, with a data folder of its own.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    public const string AdminKey = "hf-test-admin-key-0123456789";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly WebApplication _app;
    private readonly bool _ownsFolder;

    private GatewayHost(WebApplication app, string folder, bool ownsFolder)
    {
        (_app, Folder, _ownsFolder) = (app, folder, ownsFolder);
        Address = new Uri(app.Urls.First());
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = Address };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
    }

    public Uri Address { get; }

    public string Folder { get; }

    /// <summary>Sends the admin key.</summary>
    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public WebApplication App => _app;

    public KeyRing Keys => Services.GetRequiredService<KeyRing>();

    public static async Task<GatewayHost> StartAsync(
        Func<GatewayOptions, GatewayOptions>? change = null,
        IEnumerable<IBackend>? backends = null,
        IRetriever? retriever = null,
        TimeProvider? clock = null,
        string? folder = null,
        IReadOnlyList<UpstreamOptions>? upstreams = null,
        Action<IServiceCollection>? more = null,
        Action<WebApplication>? map = null,
        TimeSpan? drainTime = null)
    {
        var data = folder ?? Directory.CreateTempSubdirectory("holdfast-gateway-").FullName;
        var options = change?.Invoke(new GatewayOptions()) ?? new GatewayOptions();
        Assert.Empty(options.Faults());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseGateway(options, "127.0.0.1:0");
        foreach (var backend in backends ?? [])
        {
            builder.Services.AddSingleton(backend);
        }

        if (retriever is not null)
        {
            builder.Services.AddSingleton(retriever);
        }

        if (clock is not null)
        {
            builder.Services.AddSingleton(clock);
        }

        more?.Invoke(builder.Services);
        builder.Services.AddGateway(options, upstreams ?? [], data, drainTime ?? TimeSpan.FromSeconds(20));
        var app = builder.Build();
        app.MapGateway();
        map?.Invoke(app);
        app.Services.GetRequiredService<KeyRing>().EnsureUpKey(AdminKey);
        app.Services.GetRequiredService<Readiness>().MarkReady();
        await app.StartAsync(Token);
        return new GatewayHost(app, data, folder is null);
    }

    public async Task<(HttpResponseMessage Head, JsonElement Body)> PostAsync(string path, string json, HttpClient? client = null)
    {
        var response = await (client ?? Http).PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), Token);
        return (response, await ReadAsync(response));
    }

    public async Task<(HttpResponseMessage Head, JsonElement Body)> GetAsync(string path, HttpClient? client = null)
    {
        var response = await (client ?? Http).GetAsync(path, Token);
        return (response, await ReadAsync(response));
    }

    public HttpClient Client(string? key)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = Address };
        if (key is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return client;
    }

    /// <summary>The frames of a streamed answer, and whether it ended with <c>[DONE]</c>.</summary>
    public async Task<(HttpResponseMessage Head, List<string> Frames, bool IsDone)> StreamAsync(string json, string path = "/v1/chat/completions")
    {
        var response = await Http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        var frames = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(f => f["data: ".Length..]).ToList();
        var isDone = frames.Remove("[DONE]");
        return (response, frames, isDone);
    }

    public async Task<JsonElement> TraceAsync(HttpResponseMessage response)
    {
        var id = response.Headers.GetValues("x-holdfast-request-id").Single();
        var (head, body) = await GetAsync("/admin/requests/" + id);
        Assert.Equal(200, (int)head.StatusCode);
        return body;
    }

    /// <summary>The metrics once they hold a line: what counts a request runs behind its answer.</summary>
    public async Task<string> MetricsAsync(string line)
    {
        var page = "";
        for (var i = 0; i < 2_000 && !page.Contains(line, StringComparison.Ordinal); i++)
        {
            page = await Http.GetStringAsync("/metrics", Token);
        }

        Assert.Contains(line, page, StringComparison.Ordinal);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(Token);
        await _app.DisposeAsync();
        if (_ownsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync(Token);
        return bytes.Length == 0 ? default : JsonDocument.Parse(bytes).RootElement;
    }
}
