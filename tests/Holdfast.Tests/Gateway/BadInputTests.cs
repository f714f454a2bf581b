using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Counting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Holdfast.Tests.Gateway;

public sealed class BadInputTests
{
    private const string Chat = "/v1/chat/completions";

    private static async Task<string> MessageAsync(GatewayHost host, string body, int status, string code)
    {
        var (head, json) = await host.PostAsync(Chat, body);
        Assert.Equal(status, (int)head.StatusCode);
        var error = json.GetProperty("error");
        Assert.Equal(["message", "type", "param", "code"], error.EnumerateObject().Select(p => p.Name));
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.True(head.Headers.Contains("x-holdfast-request-id"));
        return error.GetProperty("message").GetString()!;
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_by_its_announced_length_before_a_byte_is_sent()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var raw = await RawHttp.OpenAsync(host);
        await raw.SendAsync(RawHttp.Head(host, "POST", Chat, "Content-Type: application/json", "Content-Length: 17825792"));
        var (status, text) = await raw.ReadAsync();
        Assert.Equal(413, status);
        Assert.Contains("The body has 17825792 bytes; the limit is 16777216 bytes (16 MiB, option gateway.limits.bodyBytesMax).", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_unknown_length_is_refused_when_it_grows_over_the_limit()
    {
        await using var host = await GatewayHost.StartAsync(o => o with { Limits = o.Limits with { BodyBytesMax = 4_096 } }, [ScriptedBackend.Hello()]);
        await using var raw = await RawHttp.OpenAsync(host);
        await raw.SendAsync(RawHttp.Head(host, "POST", Chat, "Content-Type: application/json", "Transfer-Encoding: chunked"));
        await raw.SendAsync("2000\r\n" + new string(' ', 8_192) + "\r\n");
        var (status, text) = await raw.ReadAsync();
        Assert.Equal(413, status);
        Assert.Contains("The body has more than 4096 bytes (4 KiB, option gateway.limits.bodyBytesMax).", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_without_a_body_and_a_coded_body_are_told_so()
    {
        await using var host = await GatewayHost.StartAsync(backends: [ScriptedBackend.Hello()]);
        await using var raw = await RawHttp.OpenAsync(host);
        await raw.SendAsync(RawHttp.Head(host, "GET", "/v1/models", "Content-Length: 2") + "{}");
        var (status, text) = await raw.ReadAsync();
        Assert.Equal(413, status);
        Assert.Contains("This path takes no body; send none.", text, StringComparison.Ordinal);

        var content = new ByteArrayContent([0x1f, 0x8b]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add("gzip");
        var response = await host.Http.PostAsync(Chat, content, TestContext.Current.CancellationToken);
        Assert.Equal(415, (int)response.StatusCode);
        Assert.Contains("'Content-Encoding: gzip'", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("identity", response.Headers.GetValues("Accept-Encoding").Single());
        Assert.Equal(response.Headers.GetValues("x-holdfast-request-id"), response.Headers.GetValues("x-request-id"));
    }

    [Theory]
    [InlineData("""{"model":"small","prompt":"x","holdfast":{"collection":"handbook"}}""", "belong to a chat: use /v1/chat/completions.")]
    [InlineData("""{"model":"only-chat","prompt":"x"}""", "Models that can: small.")]
    public async Task A_completion_is_told_what_it_cannot_have(string body, string remedy)
    {
        var chat = new ScriptedBackend("chat", [new ServedModel("only-chat", ModelAbilities.Chat, null, "test")], (_, _) => throw new InvalidOperationException("not to be asked"));
        await using var host = await GatewayHost.StartAsync(backends: [chat, ScriptedBackend.Hello()], retriever: new ListedRetriever());
        var (_, json) = await host.PostAsync("/v1/completions", body);
        Assert.EndsWith(remedy, json.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_stops_reading_is_let_go(bool isStream)
    {
        var part = new AnswerPart { Text = new string('x', 1 << 20), HasContent = true };
        var endless = ScriptedBackend.Says("endless", [.. Enumerable.Repeat(part, 64), new AnswerPart { FinishReason = "stop" }]);
        await using var host = await GatewayHost.StartAsync(o => o with { Limits = o.Limits with { WriteDeadline = TimeSpan.FromMilliseconds(200), InFlightMax = 1 } }, [endless, ScriptedBackend.Hello()]);
        await using var raw = await RawHttp.OpenAsync(host);
        var body = $$"""{"model":"endless","stream":{{(isStream ? "true" : "false")}},"messages":[{"role":"user","content":"x"}]}""";
        await raw.SendAsync(RawHttp.Head(host, "POST", Chat, "Content-Type: application/json", $"Content-Length: {body.Length}") + body);

        // It never reads; its place is free again once the deadline is over.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        await raw.Stream.ReadExactlyAsync(new byte[1], patience.Token);
        while ((int)(await host.PostAsync(Chat, """{"model":"small","messages":[{"role":"user","content":"x"}]}""")).Item1.StatusCode != 200)
        {
            await Task.Delay(50, patience.Token);
        }
    }

    [Fact]
    public async Task Broken_JSON_names_line_and_column()
    {
        await using var host = await GatewayHost.StartAsync(backends: [ScriptedBackend.Hello()]);
        var message = await MessageAsync(host, "{\n  \"model\": \"small\",\n  \"messages\": [}\n}", 400, "invalid_json");
        Assert.StartsWith("The body is not JSON at line 3, column 16:", message, StringComparison.Ordinal);
        Assert.StartsWith("The body is not JSON at line 1, column 11:", await MessageAsync(host, "{\"model\": ", 400, "invalid_json"), StringComparison.Ordinal);
        Assert.StartsWith("The body is empty", await MessageAsync(host, " \n", 400, "invalid_json"), StringComparison.Ordinal);
        Assert.Contains("line 1, column 44", await MessageAsync(host, """{"model":"ä","messages":[{"role":"user"}]} x""", 400, "invalid_json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_not_UTF_8_names_the_byte()
    {
        await using var host = await GatewayHost.StartAsync(backends: [ScriptedBackend.Hello()]);
        var content = new ByteArrayContent([.. "{\"model\":\"small\",\n\"x\":\""u8, 0xC3, 0x28, .. "\"}"u8]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var response = await host.Http.PostAsync(Chat, content, TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)response.StatusCode);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("The body is not UTF-8: byte c3 at line 2, column 6 (byte 23 of 27).", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""", "missing_parameter", "'model' is missing; GET /v1/models lists the models.")]
    [InlineData("""{"model":"small"}""", "missing_parameter", "'messages' is missing.")]
    [InlineData("""{"model":"small","messages":[]}""", "invalid_value", "'messages' is empty; at least one message is needed.")]
    [InlineData("""{"model":"small","messages":"x"}""", "invalid_type", "'messages' must be an array.")]
    [InlineData("""{"model":"small","messages":[{"content":"x"}]}""", "missing_parameter", "'messages[0].role' is missing.")]
    [InlineData("""{"model":"small","messages":[{"role":"user","content":7}]}""", "invalid_type", "'messages[0].content' must be a string or an array of parts.")]
    [InlineData("""{"model":"small","temperature":"hot","messages":[{"role":"user","content":"x"}]}""", "invalid_type", "'temperature' must be a number.")]
    [InlineData("""{"model":"small","stream":1,"messages":[{"role":"user","content":"x"}]}""", "invalid_type", "'stream' must be true or false.")]
    [InlineData("""{"model":"small","holdfast":{"topk":3},"messages":[{"role":"user","content":"x"}]}""", "unsupported_parameter", "'holdfast.topk' is not known; collection, filter, topK and detail are.")]
    [InlineData("""{"model":"small","holdfast":{"topK":0},"messages":[{"role":"user","content":"x"}]}""", "invalid_value", "'holdfast.topK' must be a whole number from 1 to 100.")]
    [InlineData("""[1]""", "invalid_json", "The body must be a JSON object.")]
    public async Task A_wrong_member_is_named(string body, string code, string message)
    {
        await using var host = await GatewayHost.StartAsync(backends: [ScriptedBackend.Hello()]);
        Assert.Equal(message, await MessageAsync(host, body, 400, code));
    }

    [Fact]
    public async Task Half_of_a_surrogate_pair_is_refused_and_deep_nesting_is_too()
    {
        await using var host = await GatewayHost.StartAsync(backends: [ScriptedBackend.Hello()]);
        Assert.Contains("surrogate", await MessageAsync(host, """{"model":"small","messages":[{"role":"user","content":"\ud800"}]}""", 400, "invalid_json"), StringComparison.Ordinal);
        var deep = new string('[', 100_000) + new string(']', 100_000);
        Assert.Contains("nested more than 64 deep at line 1 (gateway.limits.jsonDepthMax)", await MessageAsync(host, $$"""{"model":"small","x":{{deep}},"messages":[{"role":"user","content":"x"}]}""", 400, "invalid_json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_model_is_404_with_the_known_ones()
    {
        await using var host = await GatewayHost.StartAsync(backends: [ScriptedBackend.Hello()], retriever: new ListedRetriever());
        var message = await MessageAsync(host, """{"model":"no-such","messages":[{"role":"user","content":"x"}]}""", 404, "model_not_found");
        Assert.Equal("There is no model 'no-such'. Known models: small@handbook, small.", message);
        message = await MessageAsync(host, """{"model":"small@nowhere","messages":[{"role":"user","content":"x"}]}""", 404, "model_not_found");
        Assert.Equal("There is no collection 'nowhere' for 'small@nowhere'. Collections: handbook.", message);
    }

    [Fact]
    public async Task A_model_that_takes_no_chats_says_why()
    {
        var bare = new ScriptedBackend("scripted", [new ServedModel("bare", ModelAbilities.Completions, null, "test") { ChatFault = "has no template" }], (_, token) => ScriptedBackend.Parts([], token));
        await using var host = await GatewayHost.StartAsync(backends: [ScriptedBackend.Hello(), bare], retriever: new ListedRetriever());
        foreach (var name in new[] { "bare", "bare@handbook" })
        {
            var message = await MessageAsync(host, $$"""{"model":"{{name}}","messages":[{"role":"user","content":"x"}]}""", 404, "model_not_found");
            Assert.StartsWith($"'{name}' does not answer /v1/chat/completions: it has no template. Models that can: ", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_prompt_that_does_not_fit_is_refused_with_the_three_numbers()
    {
        var small = new ScriptedBackend("scripted", [new ServedModel("small", ModelAbilities.Chat, 100, "test")], (_, token) => ScriptedBackend.Parts([], token));
        foreach (var (isExact, tokens, status) in new[] { (true, 95, 400), (false, 95, 502), (false, 145, 400) })
        {
            await using var host = await GatewayHost.StartAsync(backends: [small], more: s => s.AddSingleton<ITokenCounter>(new FixedCounter(tokens, isExact)));
            var (head, json) = await host.PostAsync(Chat, """{"model":"small","max_tokens":10,"messages":[{"role":"user","content":"x"}]}""");
            Assert.Equal(status, (int)head.StatusCode);
            if (status == 400)
            {
                var about = isExact ? "" : "about ";
                Assert.Equal("context_length_exceeded", json.GetProperty("error").GetProperty("code").GetString());
                Assert.StartsWith($"The prompt has {about}{tokens} tokens and max_tokens is 10, together {about}{tokens + 10}; 'small' holds 100.", json.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData(false, "", "The prompt has 195 tokens; 'small' holds 100 for prompt and answer together. Shorten the prompt; nothing is cut here.")]
    [InlineData(true, "", "The prompt has at least 195 tokens; 'small' holds 100 for prompt and answer together. Shorten the prompt; nothing is cut here.")]
    [InlineData(true, "\"max_completion_tokens\":4,", "The prompt has at least 195 tokens and max_completion_tokens is 4, together at least 199; 'small' holds 100. Shorten the prompt or lower max_completion_tokens; nothing is cut here.")]
    public async Task What_was_not_counted_or_not_sent_is_not_said(bool isLeast, string asked, string message)
    {
        var small = new ScriptedBackend("scripted", [new ServedModel("small", ModelAbilities.Chat, 100, "test")], (_, token) => ScriptedBackend.Parts([], token));
        await using var host = await GatewayHost.StartAsync(backends: [small], more: s => s.AddSingleton<ITokenCounter>(new FixedCounter(195, isExact: true, isLeast: isLeast)));
        Assert.Equal(message, await MessageAsync(host, $$"""{"model":"small",{{asked}}"messages":[{"role":"user","content":"x"}]}""", 400, "context_length_exceeded"));
    }

    [Fact]
    public async Task Each_of_several_prompts_has_the_context_to_itself()
    {
        var small = new ScriptedBackend("scripted", [new ServedModel("small", ModelAbilities.Completions, 100, "test")], (_, token) => ScriptedBackend.Parts([], token));
        foreach (var (longest, status) in new[] { (90, 502), (91, 400) })
        {
            await using var host = await GatewayHost.StartAsync(backends: [small], more: s => s.AddSingleton<ITokenCounter>(new FixedCounter(1000, isExact: true, longest)));
            var (head, _) = await host.PostAsync("/v1/completions", """{"model":"small","max_tokens":10,"prompt":["x","y"]}""");
            Assert.Equal(status, (int)head.StatusCode);
        }
    }

    [Fact]
    public async Task Two_lengths_and_a_length_with_chunks_are_400()
    {
        await using var host = await GatewayHost.StartAsync(backends: [ScriptedBackend.Hello()]);
        await using (var raw = await RawHttp.OpenAsync(host))
        {
            await raw.SendAsync(RawHttp.Head(host, "POST", Chat, "Content-Type: application/json", "Content-Length: 2", "Content-Length: 3"));
            Assert.Equal(400, (await raw.ReadAsync()).Status);
        }

        await using (var raw = await RawHttp.OpenAsync(host))
        {
            await raw.SendAsync(RawHttp.Head(host, "POST", Chat, "Content-Type: application/json", "Content-Length: 2", "Transfer-Encoding: chunked") + "2\r\n{}\r\n0\r\n\r\n");
            var (status, text) = await raw.ReadAsync();
            Assert.Equal(400, status);
            Assert.Contains("Content-Length and Transfer-Encoding stand in one request; send one of them.", text, StringComparison.Ordinal);
        }

        var metrics = await host.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Contains("holdfast_http_rejects_total{status=\"400\"} 1", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_thousand_headers_are_431_and_counted()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var raw = await RawHttp.OpenAsync(host);
        var headers = Enumerable.Range(0, 10_000).Select(i => $"x-{i}: 1").ToArray();
        try
        {
            await raw.SendAsync(RawHttp.Head(host, "GET", "/v1/models", headers));
        }
        catch (IOException)
        {
            Assert.Skip("the server closed before the headers were all sent; there is no answer to read");
        }

        Assert.Equal(431, (await raw.ReadAsync()).Status);
        var metrics = await host.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Contains("holdfast_http_rejects_total{status=\"431\"} 1", metrics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    public async Task A_body_that_drips_is_cut_at_the_total_deadline(int bytesPerSecond)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var host = await GatewayHost.StartAsync(backends: [ScriptedBackend.Hello()], clock: clock);
        await using var raw = await RawHttp.OpenAsync(host);
        await raw.SendAsync(RawHttp.Head(host, "POST", Chat, "Content-Type: application/json", "Content-Length: 1000000"));

        // The clock moves only here, so each second of it really brought its bytes and the deadline is hit at 60 s whatever the machine.
        var answer = raw.ReadAsync();
        var seconds = 0;
        while (!answer.IsCompleted)
        {
            try
            {
                await raw.SendAsync(new string(' ', bytesPerSecond));
            }
            catch (IOException)
            {
                // The server has answered and closed: the answer is on its way.
                break;
            }

            clock.Advance(TimeSpan.FromSeconds(1));
            seconds++;
            await Task.WhenAny(answer, Task.Delay(2, TestContext.Current.CancellationToken));
        }

        var (status, text) = await answer;
        Assert.Equal(408, status);
        Assert.Contains("The body did not arrive within 60 s (gateway.limits.bodyDeadline).", text, StringComparison.Ordinal);
        Assert.True(seconds >= 60, $"cut after {seconds} s");
    }

    [Fact]
    public async Task A_foreign_host_name_on_loopback_is_421_and_an_allowed_one_is_not()
    {
        await using var host = await GatewayHost.StartAsync(o => o with { Hosts = ["llm.example"] });
        foreach (var (name, status) in new[] { ("evil.example", 421), ("evil.example:80", 421), ("127.0.0.1.evil.example", 421), ("localhost", 200), ("LOCALHOST:1", 200), ("[::1]:1", 200), ("127.0.0.1:1", 200), ("llm.example", 200) })
        {
            await using var raw = await RawHttp.OpenAsync(host);
            await raw.SendAsync($"GET /healthz HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n");
            var (got, text) = await raw.ReadAsync();
            Assert.True(status == got, $"{name}: {got}");
            if (status == 421)
            {
                Assert.Contains("is not answered on a loopback address", text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_body_without_the_JSON_type_is_415_with_the_remedy()
    {
        await using var host = await GatewayHost.StartAsync(backends: [ScriptedBackend.Hello()]);
        foreach (var type in new[] { "text/plain", "application/x-www-form-urlencoded", null })
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("{}"));
            content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
            var response = await host.Http.PostAsync(Chat, content, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
            Assert.Contains("'Content-Type: application/json'", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Unknown_paths_and_wrong_methods_have_an_error_body()
    {
        await using var host = await GatewayHost.StartAsync();
        var (head, body) = await host.GetAsync("/v1/nothing");
        Assert.Equal(404, (int)head.StatusCode);
        Assert.Equal("Nothing is answered at GET /v1/nothing.", body.GetProperty("error").GetProperty("message").GetString());
        (head, body) = await host.GetAsync(Chat);
        Assert.Equal(405, (int)head.StatusCode);
        Assert.Equal("method_not_allowed", body.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_full_service_says_503_when_to_come_back_and_whose_limit_it_was()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = new ScriptedBackend("slow", [new ServedModel("small", ModelAbilities.Chat, null, "test")], (_, token) => Wait(entered, release.Task, token));
        await using var host = await GatewayHost.StartAsync(o => o with { Limits = o.Limits with { InFlightMax = 1 } }, [slow]);
        const string ask = """{"model":"small","messages":[{"role":"user","content":"x"}]}""";
        var first = host.PostAsync(Chat, ask);
        await entered.Task;
        var (head, body) = await host.PostAsync(Chat, ask);
        Assert.Equal(503, (int)head.StatusCode);
        Assert.Equal("1", head.Headers.GetValues("Retry-After").Single());
        Assert.Equal("1000", head.Headers.GetValues("retry-after-ms").Single());
        Assert.Equal("true", head.Headers.GetValues("x-should-retry").Single());
        Assert.Equal("at_capacity", head.Headers.GetValues("x-holdfast-reason").Single());
        Assert.Contains("1 calls are at work (gateway.limits.inFlightMax)", body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        release.SetResult();
        Assert.Equal(200, (int)(await first).Head.StatusCode);
        Assert.Equal(200, (int)(await host.PostAsync(Chat, ask)).Head.StatusCode);

        static async IAsyncEnumerable<AnswerPart> Wait(TaskCompletionSource entered, Task release, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
        {
            entered.TrySetResult();
            await release.WaitAsync(token);
            yield return new AnswerPart { Text = "x", HasContent = true };
            yield return new AnswerPart { FinishReason = "stop" };
        }
    }

    [Fact]
    public async Task A_route_without_a_backend_says_what_to_configure()
    {
        var chatOnly = new ScriptedBackend("scripted", [new ServedModel("small", ModelAbilities.Chat, null, "test")], (_, token) => ScriptedBackend.Parts([], token));
        await using var host = await GatewayHost.StartAsync(backends: [chatOnly]);
        var (head, body) = await host.PostAsync("/v1/embeddings", """{"model":"any","input":"x"}""");
        Assert.Equal(404, (int)head.StatusCode);
        Assert.Contains("under 'upstreams' in holdfast.yaml", body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        (head, body) = await host.PostAsync("/v1/completions", """{"model":"small","prompt":"x"}""");
        Assert.Equal(404, (int)head.StatusCode);
        Assert.Contains("--model FILE", body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private sealed class FixedCounter(int tokens, bool isExact, int? longest = null, bool isLeast = false) : ITokenCounter
    {
        public TokenCount Count(string model, string text) => new(tokens, isExact);

        public TokenCount CountPrompt(string model, CallKind kind, ChatRequest request) => new(tokens, isExact) { Longest = longest ?? tokens, IsLeast = isLeast };
    }
}
