using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Holdfast.Dashboard.Assets;

namespace Holdfast.Tests.Dashboard;

public sealed class AssetTests
{
    private static readonly Regex Import = new("from \"\\./(?<name>[^\"]+)\"", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    [Fact]
    public async Task Each_asset_answers_get_and_head_in_both_encodings_with_a_strong_tag()
    {
        await using var host = await DashboardHost.StartAsync();
        foreach (var name in new AssetCatalogue().Names)
        {
            var address = new AssetCatalogue().Address(name);
            var plain = await SendAsync(host, HttpMethod.Get, address, null);
            var packed = await SendAsync(host, HttpMethod.Get, address, "br, gzip");
            var head = await SendAsync(host, HttpMethod.Head, address, "gzip");
            Assert.Equal(HttpStatusCode.OK, plain.Response.StatusCode);
            Assert.False(plain.Response.Headers.ETag!.IsWeak);
            Assert.Equal(["gzip"], packed.Response.Content.Headers.ContentEncoding);
            Assert.NotEqual(plain.Response.Headers.ETag, packed.Response.Headers.ETag);
            Assert.Equal(packed.Response.Headers.ETag, head.Response.Headers.ETag);
            Assert.Equal(packed.Body.Length, head.Response.Content.Headers.ContentLength);
            Assert.Empty(head.Body);
            using var gzip = new GZipStream(new MemoryStream(packed.Body), CompressionMode.Decompress);
            using var unpacked = new MemoryStream();
            await gzip.CopyToAsync(unpacked, TestContext.Current.CancellationToken);
            Assert.Equal(plain.Body, unpacked.ToArray());
            Assert.Contains("Accept-Encoding", plain.Response.Headers.Vary);
        }
    }

    [Fact]
    public async Task A_known_tag_is_answered_304_and_another_one_with_the_content()
    {
        await using var host = await DashboardHost.StartAsync();
        var address = new AssetCatalogue().Address("console.css");
        var first = await SendAsync(host, HttpMethod.Get, address, "gzip");
        var again = await SendAsync(host, HttpMethod.Get, address, "gzip", first.Response.Headers.ETag);
        Assert.Equal(HttpStatusCode.NotModified, again.Response.StatusCode);
        Assert.Empty(again.Body);
        Assert.Equal(first.Response.Headers.ETag, again.Response.Headers.ETag);
        var plain = await SendAsync(host, HttpMethod.Get, address, null, first.Response.Headers.ETag);
        Assert.Equal(HttpStatusCode.OK, plain.Response.StatusCode);
    }

    [Fact]
    public async Task An_address_holds_the_hash_of_what_it_serves_and_is_kept_for_a_year()
    {
        await using var host = await DashboardHost.StartAsync();
        foreach (var name in new AssetCatalogue().Names.Where(name => name != "notice.txt"))
        {
            var address = new AssetCatalogue().Address(name);
            var (response, body) = await SendAsync(host, HttpMethod.Get, address, null);
            Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(body))[..16], address, StringComparison.Ordinal);
            Assert.Equal("public, max-age=31536000, immutable", response.Headers.CacheControl?.ToString().Replace("max-age=31536000, public", "public, max-age=31536000", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("/assets/console.css")]
    [InlineData("/assets/console.0000000000000000.css")]
    [InlineData("/assets/none.txt")]
    [InlineData("/assets/..%2Fsecret.css")]
    public async Task What_no_page_names_is_not_served(string address)
    {
        await using var host = await DashboardHost.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(host, HttpMethod.Get, address, null)).Response.StatusCode);
    }

    [Fact]
    public async Task Modules_import_each_other_by_names_that_exist()
    {
        await using var host = await DashboardHost.StartAsync();
        var imports = 0;
        foreach (var name in new AssetCatalogue().Names.Where(name => name.EndsWith(".js", StringComparison.Ordinal) && name != "echarts.js"))
        {
            var source = System.Text.Encoding.UTF8.GetString((await SendAsync(host, HttpMethod.Get, new AssetCatalogue().Address(name), null)).Body);
            foreach (var match in Import.Matches(source).Cast<Match>())
            {
                imports++;
                Assert.Equal(HttpStatusCode.OK, (await SendAsync(host, HttpMethod.Head, "/assets/" + match.Groups["name"].Value, null)).Response.StatusCode);
            }
        }

        Assert.True(imports >= 8, $"{imports} imports");
    }

    [Fact]
    public async Task The_notice_names_the_licence_of_what_is_not_ours()
    {
        await using var host = await DashboardHost.StartAsync();
        var notice = await host.PageAsync("/assets/notice.txt");
        Assert.Contains("Apache ECharts", notice, StringComparison.Ordinal);
        Assert.Contains("Apache License, Version 2.0", notice, StringComparison.Ordinal);
        Assert.Contains("Vizor.ECharts", notice, StringComparison.Ordinal);
    }

    [Fact]
    public void No_assembly_of_the_chart_package_comes_along() =>
        Assert.Empty(Directory.GetFiles(AppContext.BaseDirectory, "Vizor*.dll"));

    private static async Task<(HttpResponseMessage Response, byte[] Body)> SendAsync(DashboardHost host, HttpMethod method, string address, string? encoding, EntityTagHeaderValue? known = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, UriKind.Relative));
        if (encoding is not null)
        {
            request.Headers.AcceptEncoding.ParseAdd(encoding);
        }

        if (known is not null)
        {
            request.Headers.IfNoneMatch.Add(known);
        }

        var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }
}
