using System.Net;
using System.Text.RegularExpressions;
using Holdfast.Abstractions.Status;

namespace Holdfast.Tests.Dashboard;

public sealed class PageTests
{
    private static readonly string[] Addresses =
    [
        "/", "/ask?q=How%20do%20I%20restart%3F", "/overview", "/requests", "/requests?only=refused", "/requests/01JD8Q4M7Z", "/documents",
        "/documents?quarantined=true", "/documents/doc-pump?start=10&length=40", "/documents/doc-hostile", "/documents/doc-long?start=90000&length=100",
        "/documents/doc-scan", "/kv", "/sign-in", "/sign-in?failed=key", "/documents/none", "/requests/none",
    ];

    private static readonly Regex Asset = new("/assets/[^\"]+", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    private static readonly Regex Link = new("href=\"(?<to>/[^\"#]*)[\"#]", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    private static readonly Regex Step = new("data-at=\"(?<at>[0-9:]{8})\"", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    private static readonly Regex Lane = new("class=\"lane\"", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    private static readonly Regex TraceLink = new("class=\"mono grow\"><a href=\"/requests/(?<id>[^\"]+)\"", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    private static readonly Regex Next = new("rel=\"next\" href=\"(?<to>[^\"]+)\"", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    private static readonly Regex DocumentRow = new("class=\"line\"><a href=\"/documents/", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    private static readonly Regex Tags = new("<[^>]*>", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    private static readonly Regex Space = new(@"\s+", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    [Fact]
    public async Task Every_page_is_html_with_a_strict_content_policy_and_is_never_stored()
    {
        await using var host = await DashboardHost.StartAsync(new LoadedPool());
        foreach (var address in Addresses)
        {
            using var response = await host.GetAsync(address);
            var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
            Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
            Assert.Equal(address.EndsWith("/none", StringComparison.Ordinal) ? HttpStatusCode.NotFound : HttpStatusCode.OK, response.StatusCode);
            Assert.StartsWith("<!doctype html>", await DashboardHost.ReadAsync(response), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task No_page_holds_an_inline_style_an_inline_script_or_an_address_of_another_host()
    {
        await using var host = await DashboardHost.StartAsync(new LoadedPool());
        foreach (var address in Addresses)
        {
            var page = await host.PageAsync(address);
            Assert.DoesNotMatch(@"(?i)<[^>]+\sstyle\s*=", page);
            Assert.DoesNotMatch(@"(?i)<style", page);
            Assert.DoesNotMatch(@"(?i)<[^>]+\son[a-z]+\s*=", page);
            Assert.DoesNotMatch(@"(?i)<script(?![^>]*\ssrc=)", page);
            Assert.DoesNotMatch(@"(?i)(?:src|href|action)=""(?:https?:|//|javascript:|data:)", page);
        }
    }

    [Fact]
    public async Task Every_asset_that_a_page_names_is_there()
    {
        await using var host = await DashboardHost.StartAsync(new LoadedPool());
        var named = new HashSet<string>();
        foreach (var address in Addresses)
        {
            named.UnionWith(Asset.Matches(await host.PageAsync(address)).Select(match => match.Value));
        }

        Assert.True(named.Count >= 8, string.Join(", ", named));
        foreach (var asset in named)
        {
            using var response = await host.GetAsync(asset);
            Assert.True(response.IsSuccessStatusCode, asset);
        }
    }

    [Fact]
    public async Task Links_inside_the_console_lead_somewhere()
    {
        await using var host = await DashboardHost.StartAsync(new LoadedPool());
        var links = new HashSet<string>();
        foreach (var address in Addresses)
        {
            links.UnionWith(Link.Matches(await host.PageAsync(address)).Select(match => WebUtility.HtmlDecode(match.Groups["to"].Value)));
        }

        // The JSON under /admin is the gateway's, and the made-up pool names requests that nobody sent.
        foreach (var link in links.Where(link => !link.StartsWith("/admin/", StringComparison.Ordinal) && !LoadedPool.Names(link)))
        {
            using var response = await host.GetAsync(link);
            Assert.True(response.IsSuccessStatusCode, $"{link}: {response.StatusCode}");
        }
    }

    [Fact]
    public async Task The_page_with_all_it_loads_stays_under_120_kB_without_the_charts()
    {
        await using var host = await DashboardHost.StartAsync(new LoadedPool());
        var assets = new Holdfast.Dashboard.Assets.AssetCatalogue();
        var shared = assets.Names.Where(name => name is not ("echarts.js" or "notice.txt")).Sum(name => assets.Find(assets.Address(name)["/assets/".Length..])!.Bytes(isGzip: false).Length);
        foreach (var address in Addresses)
        {
            var page = System.Text.Encoding.UTF8.GetByteCount(await host.PageAsync(address));
            Assert.True(page + shared < 120_000, $"{address}: {page} and {shared} bytes");
        }
    }

    [Fact]
    public async Task Only_the_page_with_charts_loads_them_and_defers_it()
    {
        await using var host = await DashboardHost.StartAsync();
        foreach (var address in Addresses.Where(address => address != "/kv"))
        {
            var page = await host.PageAsync(address);
            Assert.Equal(address == "/overview", page.Contains("echarts", StringComparison.Ordinal));
        }

        Assert.Matches("<script defer(?:=\"\")? src=\"/assets/echarts\\.[0-9a-f]{16}\\.js\">", await host.PageAsync("/overview"));
    }

    [Fact]
    public async Task The_overview_says_headroom_first_and_each_bound()
    {
        await using var host = await DashboardHost.StartAsync();
        var text = Text(await host.PageAsync("/overview"));
        Assert.Contains("Serving without vllm-b.", text, StringComparison.Ordinal);
        Assert.Contains("Next limit: bodies, 84 % of 32 MiB used.", text, StringComparison.Ordinal);
        Assert.True(text.IndexOf("Headroom", StringComparison.Ordinal) < text.IndexOf("Memory", StringComparison.Ordinal), text);
        Assert.Contains("55 of 64 places free", text, StringComparison.Ordinal);
        Assert.Contains("memory.traceQueueMiB", text, StringComparison.Ordinal);
        Assert.Contains("connection refused, 4 min 0 s ago", text, StringComparison.Ordinal);
        Assert.Contains("figures from 03:20:14 UTC", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_traffic_table_holds_every_step_newest_first()
    {
        await using var host = await DashboardHost.StartAsync();
        var page = await host.PageAsync("/overview");
        var table = page[page.IndexOf("id=\"traffic\"", StringComparison.Ordinal)..];
        var times = Step.Matches(table).Select(match => match.Groups["at"].Value).ToList();
        Assert.Equal(host.Room.Snapshot.Traffic.Count, times.Count);
        Assert.Equal(times.OrderDescending(StringComparer.Ordinal), times);
    }

    [Fact]
    public async Task A_trace_shows_stages_bytes_prompt_and_that_nothing_was_cut()
    {
        await using var host = await DashboardHost.StartAsync();
        var page = await host.PageAsync("/requests/" + HandbookTraces.PumpId);
        var text = Text(page);
        var trace = host.Room.Traces[0];
        Assert.Contains("01JD8Q4M7Z answered in 866 ms", text, StringComparison.Ordinal);
        Assert.All(trace.Stages, stage => Assert.Contains(stage.Name, text, StringComparison.Ordinal));
        Assert.Contains(trace.Received.Body!, text, StringComparison.Ordinal);
        Assert.Contains(trace.Sent!.Body!, text, StringComparison.Ordinal);
        Assert.Contains("answer-with-sources 9f3c1ab2 · 1,502 tokens exact · nothing cut", text, StringComparison.Ordinal);
        Assert.Contains("none: no stage cut a text", text, StringComparison.Ordinal);
        Assert.Contains("stream_options.include_usage added", text, StringComparison.Ordinal);
        Assert.Contains("href=\"/admin/requests/01JD8Q4M7Z\"", page, StringComparison.Ordinal);
        Assert.Equal(trace.Stages.Count, Lane.Count(page));
    }

    [Fact]
    public async Task A_shortening_is_named_with_its_tokens()
    {
        await using var host = await DashboardHost.StartAsync();
        var text = Text(await host.PageAsync("/requests/01JD8Q4F00"));
        Assert.Contains("failed with 502", text, StringComparison.Ordinal);
        Assert.Contains("prompt at upstream vllm-b, 812 tokens", text, StringComparison.Ordinal);
        Assert.DoesNotContain("no stage cut a text", text, StringComparison.Ordinal);
        Assert.Contains("Nothing left this process.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_body_is_shown_up_to_the_bound_and_says_how_much_is_left()
    {
        await using var host = await DashboardHost.StartAsync(options: new Holdfast.Dashboard.DashboardOptions { BodyCharactersShown = 100 });
        host.Room.Traces[0] = host.Room.Traces[0] with { Received = new() { Body = new string('a', 99) + "\U0001F600" + new string('b', 1000), BodyBytes = 1_103 } };
        var text = Text(await host.PageAsync("/requests/" + HandbookTraces.PumpId));
        Assert.Contains("1,001 more characters in the raw JSON", text, StringComparison.Ordinal);
        Assert.DoesNotContain("U+D83D", text, StringComparison.Ordinal);
        Assert.DoesNotContain("bbbb", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_page_back_through_all_of_the_record_without_a_gap()
    {
        await using var host = await DashboardHost.StartAsync();
        var seen = new List<string>();
        for (var address = "/requests"; address is not null;)
        {
            var page = await host.PageAsync(address);
            seen.AddRange(TraceLink.Matches(page).Select(match => match.Groups["id"].Value));
            address = Next.Match(page) is { Success: true } next ? WebUtility.HtmlDecode(next.Groups["to"].Value) : null;
            Assert.True(seen.Count <= host.Room.Traces.Count, "pages repeat");
        }

        Assert.Equal(host.Room.Traces.OrderByDescending(trace => trace.At).Select(trace => trace.Id), seen);
    }

    [Fact]
    public async Task A_filtered_list_reads_on_until_the_record_ends()
    {
        await using var host = await DashboardHost.StartAsync();
        var page = await host.PageAsync("/requests?only=failed");
        Assert.Equal(["01JD8Q4F00"], TraceLink.Matches(page).Select(match => match.Groups["id"].Value));
        Assert.DoesNotMatch(Next, page);
    }

    [Fact]
    public async Task Quarantined_documents_stand_with_their_reason_and_good_ones_apart()
    {
        await using var host = await DashboardHost.StartAsync();
        var refused = Text(await host.PageAsync("/documents?quarantined=true"));
        Assert.Contains("no text: 14 pages hold images only", refused, StringComparison.Ordinal);
        Assert.Contains("encrypted: the file asks for a password", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("runbooks/pump.md", refused, StringComparison.Ordinal);
        var good = Text(await host.PageAsync("/documents"));
        Assert.Contains("runbooks/pump.md", good, StringComparison.Ordinal);
        Assert.Contains("repeated-header 12, ligature 4", good, StringComparison.Ordinal);
        Assert.DoesNotContain("contract-2019", good, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Documents_page_by_path_without_a_gap()
    {
        await using var host = await DashboardHost.StartAsync(options: new Holdfast.Dashboard.DashboardOptions { DocumentsShown = 2 });
        var first = await host.PageAsync("/documents");
        Assert.Equal(2, DocumentRow.Count(first));
        var second = await host.PageAsync(WebUtility.HtmlDecode(Next.Match(first).Groups["to"].Value));
        Assert.Equal(1, DocumentRow.Count(second));
        Assert.DoesNotMatch(Next, second);
    }

    [Fact]
    public async Task The_kv_page_and_its_json_exist_only_with_an_engine()
    {
        await using var without = await DashboardHost.StartAsync();
        Assert.DoesNotContain("href=\"/kv\"", await without.PageAsync("/overview"), StringComparison.Ordinal);
        using var missing = await without.GetAsync("/kv");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);

        await using var with = await DashboardHost.StartAsync(new LoadedPool());
        Assert.Contains("href=\"/kv\"", await with.PageAsync("/overview"), StringComparison.Ordinal);
        Assert.Contains("399 of 1,024 KV blocks can be given out.", Text(await with.PageAsync("/kv")), StringComparison.Ordinal);
        using var json = System.Text.Json.JsonDocument.Parse(await with.PageAsync("/admin/kv"));
        Assert.Equal(1_024, json.RootElement.GetProperty("owners").GetArrayLength());
        Assert.Equal(16, json.RootElement.GetProperty("blockTokens").GetInt32());
        Assert.Equal("01JD8Q4M03", json.RootElement.GetProperty("sequences")[0].GetProperty("requestId").GetString());
    }

    [Fact]
    public async Task An_engine_without_a_model_says_so()
    {
        await using var host = await DashboardHost.StartAsync(new EmptyPool());
        Assert.Contains("No model is loaded", Text(await host.PageAsync("/kv")), StringComparison.Ordinal);
        Assert.Equal("null", await host.PageAsync("/admin/kv"));
    }

    /// <summary>What a reader sees: no tags, entities decoded, white space folded.</summary>
    internal static string Text(string page) => Space.Replace(WebUtility.HtmlDecode(Tags.Replace(page, "")), " ");

    private sealed class LoadedPool : IKvPoolStatus
    {
        public KvPoolSnapshot? Take() => HandbookStatus.Pool();

        public static bool Names(string link) => HandbookStatus.Pool().Sequences.Any(sequence => link == "/requests/" + sequence.RequestId);
    }

    private sealed class EmptyPool : IKvPoolStatus
    {
        public KvPoolSnapshot? Take() => null;
    }
}
