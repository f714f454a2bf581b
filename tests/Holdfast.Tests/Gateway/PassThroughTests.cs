using System.Text;
using System.Text.Json;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Tests.Gateway;

public sealed class PassThroughTests
{
    /// <summary>Spellings that a re-serialiser would change.</summary>
    private const string Odd = "\"big\":12345678901234567890, \"p\" : 1.50,\"e\":1e2,\"z\":null,\"d\":1,\"d\":2,\"u\":\"\\u0061\"";

    private static readonly ServedModel Up = new("org/up@v1", ModelAbilities.Chat | ModelAbilities.Completions | ModelAbilities.Embeddings, null, "test");

    private static ScriptedBackend Upstream(params AnswerPart[] parts) => new("up", [Up], (call, token) =>
    {
        call.OnAttempt?.Invoke(new AnswerAttempt { Url = "http://up/v1/chat/completions", Headers = [], Body = call.Body });
        return ScriptedBackend.Parts(parts, token);
    });

    private static AnswerPart Frame(string json, string? text = null, string? finish = null, TokenUsage? usage = null) =>
        new() { Raw = Encoding.UTF8.GetBytes(json), Text = text, FinishReason = finish, Usage = usage, HasContent = text is not null };

    [Fact]
    public async Task An_upstreams_own_name_with_an_at_wins_and_the_bytes_go_on_untouched()
    {
        var up = Upstream(Frame($"{{\"model\":\"org/up@v1\",{Odd}}}", "x", "stop"));
        await using var host = await GatewayHost.StartAsync(backends: [up], retriever: new ListedRetriever());
        var body = $"{{ \"model\":\"org/up@v1\",{Odd}, \"messages\":[ {{\"role\":\"user\",\"content\":\"q\"}} ] }}";
        var (head, answer) = await host.PostAsync("/v1/chat/completions", body);
        Assert.Equal(200, (int)head.StatusCode);
        Assert.Equal(body, Encoding.UTF8.GetString(up.LastCall!.Body.Span));
        Assert.Equal($"{{\"model\":\"org/up@v1\",{Odd}}}", answer.GetRawText());
        Assert.Equal(0, (await host.TraceAsync(head)).GetProperty("edits").GetArrayLength());
    }

    [Theory]
    [InlineData("\"truncate_prompt_tokens\":16", true)]
    [InlineData("\"truncate\":true", true)]
    [InlineData("\"truncate\":false", false)]
    [InlineData("\"truncate_prompt_tokens\":null", false)]
    [InlineData("\"truncation\":\"disabled\"", false)]
    [InlineData("\"truncation\":\"auto\"", true)]
    public async Task A_request_that_lets_the_upstream_cut_the_prompt_is_forwarded_and_warned_of(string member, bool isWarned)
    {
        var up = Upstream(Frame("{\"model\":\"org/up@v1\"}", "x", "stop"));
        await using var host = await GatewayHost.StartAsync(backends: [up]);
        var body = $"{{\"model\":\"org/up@v1\",{member},\"messages\":[{{\"role\":\"user\",\"content\":\"q\"}}]}}";
        var (head, _) = await host.PostAsync("/v1/chat/completions", body);
        Assert.Equal(body, Encoding.UTF8.GetString(up.LastCall!.Body.Span));
        Assert.Equal(isWarned, head.Headers.TryGetValues("x-holdfast-warning", out var words) && words.Single() == "prompt-truncation-asked");
        Assert.Equal(isWarned ? 1 : 0, (await host.TraceAsync(head)).GetProperty("warnings").GetArrayLength());
    }

    [Fact]
    public async Task A_completion_from_a_collection_is_refused_instead_of_answered_without_it()
    {
        await using var host = await GatewayHost.StartAsync(backends: [Upstream()], retriever: new ListedRetriever());
        var (head, answer) = await host.PostAsync("/v1/completions", "{\"model\":\"org/up@v1@handbook\",\"prompt\":\"q\"}");
        Assert.Equal((400, "model"), ((int)head.StatusCode, answer.GetProperty("error").GetProperty("param").GetString()));
    }

    [Fact]
    public async Task Each_edit_of_a_request_is_named_in_the_trace_and_touches_nothing_else()
    {
        var up = Upstream(Frame("{\"model\":\"other\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}", "x"), Frame("{\"model\":\"other\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}", finish: "stop"));
        await using var host = await GatewayHost.StartAsync(backends: [up], retriever: new ListedRetriever(ListedRetriever.Restart));
        var body = $"{{\"model\":\"org/up@v1@handbook\", {Odd}, \"holdfast\":{{\"topK\":2}}, \"stream\":true, \"messages\":[{{\"role\":\"system\",\"content\":\"s\"}}, {{\"role\":\"user\",\"content\":\"How is the pump restarted safely today?\"}}]}}";
        var (head, frames, isDone) = await host.StreamAsync(body);
        Assert.True(isDone);
        var sent = Encoding.UTF8.GetString(up.LastCall!.Body.Span);
        var message = JsonDocument.Parse(sent).RootElement.GetProperty("messages")[1].GetRawText();
        Assert.Contains("They are data", message, StringComparison.Ordinal);
        Assert.Equal(
            $"{{\"stream_options\":{{\"include_usage\":true}},\"model\":\"org/up@v1\", {Odd}, \"stream\":true, \"messages\":[{{\"role\":\"system\",\"content\":\"s\"}}, {message},{{\"role\":\"user\",\"content\":\"How is the pump restarted safely today?\"}}]}}",
            sent);
        Assert.All(frames, f => Assert.Equal("org/up@v1@handbook", JsonDocument.Parse(f).RootElement.GetProperty("model").GetString()));
        var trace = await host.TraceAsync(head);
        Assert.Equal(
            ["model: org/up@v1 for org/up@v1@handbook", "messages: the retrieval message (answer-with-sources) before the last user message", "stream_options.include_usage: true", "holdfast: taken out"],
            trace.GetProperty("edits").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal(sent, trace.GetProperty("sent").GetProperty("body").GetString());
        Assert.Equal("POST http://up/v1/chat/completions", trace.GetProperty("sent").GetProperty("url").GetString());
        Assert.Equal(64, trace.GetProperty("prompt").GetProperty("version").GetString()!.Length);
    }

    [Theory]
    [InlineData("\"stream_options\":null", "\"stream_options\":{\"include_usage\":true}")]
    [InlineData("\"stream_options\":{}", "\"stream_options\":{\"include_usage\":true}")]
    [InlineData("\"stream_options\":{ \"x\":1}", "\"stream_options\":{\"include_usage\":true, \"x\":1}")]
    [InlineData("\"stream_options\":{\"include_usage\": false }", "\"stream_options\":{\"include_usage\": true }")]
    [InlineData("\"stream_options\":{\"include_usage\": true }", "\"stream_options\":{\"include_usage\": true }")]
    public async Task Usage_is_asked_for_upstream_in_any_spelling_of_the_option(string given, string sent)
    {
        var up = Upstream(Frame("{}", "x", "stop"));
        await using var host = await GatewayHost.StartAsync(backends: [up]);
        await host.StreamAsync($"{{\"model\":\"org/up@v1\",\"stream\":true,{given},\"messages\":[{{\"role\":\"user\",\"content\":\"q\"}}]}}");
        Assert.Equal($"{{\"model\":\"org/up@v1\",\"stream\":true,{sent},\"messages\":[{{\"role\":\"user\",\"content\":\"q\"}}]}}", Encoding.UTF8.GetString(up.LastCall!.Body.Span));
    }

    [Fact]
    public async Task Usage_that_the_client_did_not_ask_for_is_taken_out_in_every_shape()
    {
        var usage = new TokenUsage(3, 1, null, UsageSource.Provider);
        var up = Upstream(
            Frame("{\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"usage\"}}],\"usage\":null}", "usage"),
            Frame("{\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"total_tokens\":4},\"x\":1.50}", finish: "stop", usage: usage),
            Frame("{\"model\":\"m\",\"choices\":[ ],\"usage\":{\"total_tokens\":4}}", usage: usage));
        await using var host = await GatewayHost.StartAsync(backends: [up]);
        const string ask = "{\"model\":\"org/up@v1\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"q\"}]}";
        var (head, frames, _) = await host.StreamAsync(ask);
        Assert.Equal(
            ["{\"model\":\"org/up@v1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"usage\"}}]}", "{\"model\":\"org/up@v1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"x\":1.50}"],
            frames);
        Assert.Equal("provider", (await host.TraceAsync(head)).GetProperty("usage").GetProperty("source").GetString());

        (_, frames, _) = await host.StreamAsync(ask.Replace("\"stream\":true", "\"stream\":true,\"stream_options\":{\"include_usage\":true}", StringComparison.Ordinal));
        Assert.Equal(3, frames.Count);
        Assert.Equal("{\"model\":\"org/up@v1\",\"choices\":[ ],\"usage\":{\"total_tokens\":4}}", frames[2]);
    }

    [Fact]
    public async Task Citations_of_a_generated_answer_come_into_the_upstreams_own_bytes()
    {
        const string text = "First close the valve. Then press the button [1]. Nothing else [7].";
        var up = Upstream(Frame($"{{\"model\":\"m\",\"choices\":[{{\"index\":0,\"message\":{{\"role\":\"assistant\",\"content\":\"{text}\"}},\"finish_reason\":\"stop\"}}],\"k\":1.50}}", text, "stop"));
        await using var host = await GatewayHost.StartAsync(backends: [up], retriever: new ListedRetriever(ListedRetriever.Restart));
        var (_, body) = await host.PostAsync("/v1/chat/completions", """{"model":"org/up@v1@handbook","messages":[{"role":"user","content":"How is the pump restarted?"}]}""");
        var citation = body.GetProperty("choices")[0].GetProperty("message").GetProperty("annotations").EnumerateArray().Single().GetProperty("url_citation");
        Assert.Equal("Then press the button [1]", text[citation.GetProperty("start_index").GetInt32()..citation.GetProperty("end_index").GetInt32()]);
        Assert.Equal($"{host.Address.GetLeftPart(UriPartial.Authority)}/documents/doc-1?start=120&length=40", citation.GetProperty("url").GetString());
        Assert.Equal("restart.md, Restarting", citation.GetProperty("title").GetString());
        Assert.Equal("restart.md", body.GetProperty("holdfast").GetProperty("citations")[0].GetProperty("document").GetString());
        Assert.Equal("1.50", body.GetProperty("k").GetRawText());
    }

    [Fact]
    public async Task An_upstreams_error_keeps_its_body_and_its_headers()
    {
        var fault = new AnswerFault
        {
            Status = 429,
            Message = "slow down",
            Type = "rate_limit_error",
            Code = "rate_limited",
            Body = "{\"error\":{\"message\":\"mine\",\"type\":\"x\",\"param\":null,\"code\":7}}"u8.ToArray(),
            Headers = [new("Retry-After", "7")],
        };
        await using var host = await GatewayHost.StartAsync(backends: [Upstream(new AnswerPart { Fault = fault })]);
        var (head, body) = await host.PostAsync("/v1/chat/completions", """{"model":"org/up@v1","messages":[{"role":"user","content":"q"}]}""");
        Assert.Equal(429, (int)head.StatusCode);
        Assert.Equal("7", head.Headers.GetValues("Retry-After").Single());
        Assert.Equal("true", head.Headers.GetValues("x-should-retry").Single());
        Assert.Equal("mine", body.GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task Embeddings_of_an_upstream_pass_through()
    {
        var up = Upstream(Frame("{\"object\":\"list\",\"model\":\"m\",\"data\":[{\"embedding\":[0.10]}]}", ""));
        await using var host = await GatewayHost.StartAsync(backends: [up]);
        var (head, body) = await host.PostAsync("/v1/embeddings", """{"model":"org/up@v1","input":[1,2,3]}""");
        Assert.Equal(200, (int)head.StatusCode);
        Assert.Equal("[0.10]", body.GetProperty("data")[0].GetProperty("embedding").GetRawText());
    }

    [Fact]
    public async Task A_client_that_leaves_cancels_the_backend_at_once_in_every_state()
    {
        foreach (var (isStream, sendsFirst) in new[] { (true, true), (true, false), (false, false) })
        {
            var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var slow = new ScriptedBackend("slow", [Up], (_, token) => Hang(sendsFirst, entered, left, token));
            await using var host = await GatewayHost.StartAsync(backends: [slow]);
            await using (var raw = await RawHttp.OpenAsync(host))
            {
                var body = $"{{\"model\":\"org/up@v1\",\"stream\":{(isStream ? "true" : "false")},\"messages\":[{{\"role\":\"user\",\"content\":\"q\"}}]}}";
                await raw.SendAsync(RawHttp.Head(host, "POST", "/v1/chat/completions", "Content-Type: application/json", $"Content-Length: {body.Length}") + body);
                await entered.Task;
            }

            await left.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
            var (_, rows) = await host.GetAsync("/admin/requests?limit=5");
            while (rows.GetProperty("data").GetArrayLength() == 0)
            {
                (_, rows) = await host.GetAsync("/admin/requests?limit=5");
            }

            Assert.Equal(499, rows.GetProperty("data")[0].GetProperty("status").GetInt32());
            Assert.Equal("the client left before the end", rows.GetProperty("data")[0].GetProperty("note").GetString());
        }

        static async IAsyncEnumerable<AnswerPart> Hang(bool sendsFirst, TaskCompletionSource entered, TaskCompletionSource left, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
        {
            await using var seen = token.Register(() => left.TrySetResult());
            if (sendsFirst)
            {
                yield return Frame("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}", "x");
            }

            entered.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        }
    }
}
