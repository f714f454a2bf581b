using System.Net;
using System.Text;
using Holdfast.Gateway.Door;
using Holdfast.Gateway.Keys;
using Holdfast.Gateway.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Tests.Gateway;

public sealed class DoorTests
{
    private static readonly string[] Open = ["/healthz", "/readyz", "/sign-in"];

    [Fact]
    public async Task Every_endpoint_stands_behind_the_gate_with_a_key_a_body_limit_and_a_record()
    {
        await using var host = await GatewayHost.StartAsync(map: app => app.MapGet("/a-page-that-nobody-listed", () => "secret"));
        var endpoints = host.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().ToList();
        Assert.True(endpoints.Count >= 25, $"{endpoints.Count} endpoints");
        using var stranger = host.Client(null);
        foreach (var endpoint in endpoints)
        {
            var path = "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(s => string.Concat(s.Parts.Select(p => p is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal ? literal.Content : "x"))));
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                await CheckAsync(host, stranger, method, path);
            }
        }
    }

    private static async Task CheckAsync(GatewayHost host, HttpClient stranger, string method, string path)
    {
        var token = TestContext.Current.CancellationToken;
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await stranger.SendAsync(request, token);
        Assert.True(Open.Contains(path) || answer.StatusCode == HttpStatusCode.Unauthorized, $"{method} {path} answers {answer.StatusCode} to a stranger");
        Assert.True(answer.Headers.Contains("x-holdfast-request-id"), $"{method} {path} has no request id");

        var rule = host.Services.GetRequiredService<AccessTable>().Find(path);
        Assert.InRange(rule.BodyBytesMax, 0, 64 << 20);
        await using var raw = await RawHttp.OpenAsync(host);
        await raw.SendAsync(RawHttp.Head(host, method == "HEAD" ? "GET" : method, path, "Content-Type: application/json", $"Content-Length: {rule.BodyBytesMax + 1}"));
        var (status, _) = await raw.ReadAsync();
        Assert.True(status == 413, $"{method} {path} takes a body over its limit: {status}");
        await host.MetricsAsync($"holdfast_requests_total{{route=\"{rule.Pattern}\",model=\"\",status=\"413\"}}");
    }

    [Theory]
    [InlineData("/v1/chat/completions", KeyRole.Client)]
    [InlineData("/v1/models", KeyRole.Client)]
    [InlineData("/v1/models/a", KeyRole.Client)]
    [InlineData("/V1/models", KeyRole.Admin)]
    [InlineData("/", KeyRole.Client)]
    [InlineData("/ask", KeyRole.Client)]
    [InlineData("/documents/a", KeyRole.Client)]
    [InlineData("/documents", KeyRole.Admin)]
    [InlineData("/admin/keys", KeyRole.Admin)]
    [InlineData("/healthz/", KeyRole.Admin)]
    [InlineData("/healthz", null)]
    [InlineData("/assets/site.css", null)]
    [InlineData("/assets", KeyRole.Admin)]
    [InlineData("/anything/new", KeyRole.Admin)]
    [InlineData("", KeyRole.Admin)]
    public void The_table_shuts_what_it_does_not_name(string path, KeyRole? role) =>
        Assert.Equal(role, new AccessTable(new GatewayOptions()).Find(path).Role);

    [Fact]
    public async Task A_one_time_address_signs_in_once_and_leaves_the_token_behind()
    {
        await using var host = await GatewayHost.StartAsync(map: app => app.MapGet("/", () => "page"));
        var token = host.Services.GetRequiredService<ConsoleTokens>().Make(host.Keys.List()[0]);
        using var browser = host.Client(null);
        var first = await browser.GetAsync($"/?sign-in={token}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.SeeOther, first.StatusCode);
        Assert.Equal("/", first.Headers.Location!.OriginalString);
        var cookie = first.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);

        browser.DefaultRequestHeaders.Add("Cookie", cookie[..cookie.IndexOf(';', StringComparison.Ordinal)]);
        Assert.Equal("page", await browser.GetStringAsync("/", TestContext.Current.CancellationToken));

        var second = await host.Client(null).GetAsync($"/?sign-in={token}", TestContext.Current.CancellationToken);
        Assert.Equal("/sign-in?failed=token", second.Headers.Location!.OriginalString);
        Assert.False(second.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_browser_without_a_key_is_sent_to_the_sign_in_page_and_a_program_is_not()
    {
        await using var host = await GatewayHost.StartAsync();
        using var browser = host.Client(null);
        browser.DefaultRequestHeaders.Add("Accept", "text/html,*/*;q=0.8");
        foreach (var (path, status) in new[] { ("/", 303), ("/requests", 303), ("/v1/models", 401), ("/admin/keys", 401) })
        {
            using var answer = await browser.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(status, (int)answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_typed_key_signs_in_and_a_write_by_cookie_needs_origin_and_page_token()
    {
        await using var host = await GatewayHost.StartAsync(
            backends: [ScriptedBackend.Hello()],
            map: app =>
            {
                app.MapGet("/", (HttpContext c) => (string)c.Items["holdfast.page-token"]!);
                app.MapPost("/write", async (HttpContext c) => "wrote " + (await c.Request.ReadFormAsync(c.RequestAborted))["value"]);
            });
        using var browser = host.Client(null);
        var token = TestContext.Current.CancellationToken;
        using var wrong = await browser.PostAsync("/sign-in", Form("key", "hf-no"), token);
        Assert.Equal("/sign-in?failed=key", wrong.Headers.Location!.OriginalString);
        using var foreign = await SendAsync(browser, "/sign-in", Form("key", GatewayHost.AdminKey), "http://evil.example", null);
        Assert.Equal(403, (int)foreign.StatusCode);
        using var signed = await browser.PostAsync("/sign-in", Form("key", GatewayHost.AdminKey), token);
        Assert.Equal("/", signed.Headers.Location!.OriginalString);
        browser.DefaultRequestHeaders.Add("Cookie", signed.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        var page = await browser.GetStringAsync("/", token);
        var own = host.Address.GetLeftPart(UriPartial.Authority);

        foreach (var (origin, pageToken, status) in new[] { (own, page, 200), (null, page, 403), ("http://evil.example", page, 403), (own, "guess", 403), (own, null, 403) })
        {
            using var content = new StringContent("""{"model":"small","messages":[{"role":"user","content":"x"}]}""", Encoding.UTF8, "application/json");
            using var answer = await SendAsync(browser, "/v1/chat/completions", content, origin, pageToken);
            Assert.True(status == (int)answer.StatusCode, $"origin {origin}, token {pageToken}: {answer.StatusCode}");
        }

        using var form = new FormUrlEncodedContent([new("page-token", page), new("value", "7")]);
        using var written = await SendAsync(browser, "/write", form, own, null);
        Assert.Equal("wrote 7", await written.Content.ReadAsStringAsync(token));
        using var unasked = await SendAsync(browser, "/write", Form("value", "7"), own, null);
        Assert.Equal(403, (int)unasked.StatusCode);

        using var leave = await SendAsync(browser, "/sign-out", new FormUrlEncodedContent([new("page-token", page)]), own, null);
        Assert.Equal("/sign-in", leave.Headers.Location!.OriginalString);
        using var after = await browser.GetAsync("/", token);
        Assert.Equal(401, (int)after.StatusCode);
    }

    [Fact]
    public async Task A_session_ends_when_its_key_is_revoked()
    {
        await using var host = await GatewayHost.StartAsync(map: app => app.MapGet("/", () => "page"));
        var key = host.Keys.Create("guest", KeyRole.Client);
        using var browser = host.Client(null);
        using var signed = await browser.PostAsync("/sign-in", Form("key", key.Key), TestContext.Current.CancellationToken);
        browser.DefaultRequestHeaders.Add("Cookie", signed.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        Assert.Equal("page", await browser.GetStringAsync("/", TestContext.Current.CancellationToken));
        host.Keys.Revoke("guest");
        using var after = await browser.GetAsync("/", TestContext.Current.CancellationToken);
        Assert.Equal(401, (int)after.StatusCode);
    }

    private static FormUrlEncodedContent Form(string name, string value) => new([new(name, value)]);

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string path, HttpContent content, string? origin, string? pageToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        if (pageToken is not null)
        {
            request.Headers.Add("x-holdfast-page-token", pageToken);
        }

        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
