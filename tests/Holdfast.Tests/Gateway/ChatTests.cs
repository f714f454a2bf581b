using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Gateway.Keys;

namespace Holdfast.Tests.Gateway;

public sealed class ChatTests
{
    private const string Ask = """{"model":"small","messages":[{"role":"user","content":"Say hello"}]}""";

    [Fact]
    public async Task To_go_before_others_needs_an_admin_key()
    {
        var backend = ScriptedBackend.Hello();
        await using var host = await GatewayHost.StartAsync(backends: [backend]);
        using var client = host.Client(host.Keys.Create("app", KeyRole.Client)!.Key);
        const string Before = """{"model":"small","priority":-1,"messages":[{"role":"user","content":"x"}]}""";
        var (refused, body) = await host.PostAsync("/v1/chat/completions", Before, client);
        Assert.Equal((403, "insufficient_role"), ((int)refused.StatusCode, body.GetProperty("error").GetProperty("code").GetString()));
        Assert.Equal(200, (int)(await host.PostAsync("/v1/chat/completions", Before.Replace("-1", "7", StringComparison.Ordinal), client)).Head.StatusCode);
        Assert.Equal(7, backend.LastCall!.Request.Priority);
        Assert.Equal(200, (int)(await host.PostAsync("/v1/chat/completions", Before)).Head.StatusCode);
        Assert.Equal(-1, backend.LastCall!.Request.Priority);
    }

    [Fact]
    public async Task A_whole_answer_has_the_shape_of_the_api_and_names_who_answered()
    {
        await using var host = await GatewayHost.StartAsync(backends: [ScriptedBackend.Hello()]);
        var (head, body) = await host.PostAsync("/v1/chat/completions", Ask);

        Assert.Equal(200, (int)head.StatusCode);
        Assert.Equal("scripted", head.Headers.GetValues("x-holdfast-answered-by").Single());
        Assert.Equal("chat.completion", body.GetProperty("object").GetString());
        Assert.Equal("small", body.GetProperty("model").GetString());
        var choice = body.GetProperty("choices")[0];
        Assert.Equal("Hello.", choice.GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(9, body.GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.False(body.TryGetProperty("holdfast", out _));
    }

    [Fact]
    public async Task A_stream_has_role_deltas_one_end_no_usage_unasked_and_done()
    {
        await using var host = await GatewayHost.StartAsync(backends: [ScriptedBackend.Hello()]);
        var (head, frames, isDone) = await host.StreamAsync(Ask.Replace("{\"model\"", "{\"stream\":true,\"model\"", StringComparison.Ordinal));

        Assert.Equal("text/event-stream", head.Content.Headers.ContentType!.MediaType);
        Assert.True(isDone);
        var choices = frames.Select(f => JsonDocument.Parse(f).RootElement.GetProperty("choices")[0]).ToList();
        Assert.Equal("assistant", choices[0].GetProperty("delta").GetProperty("role").GetString());
        Assert.Equal("Hello.", string.Concat(choices.Skip(1).Select(c => c.GetProperty("delta").TryGetProperty("content", out var text) ? text.GetString() : "")));
        Assert.Equal(["stop"], choices.Select(c => c.GetProperty("finish_reason").GetString()).Where(r => r is not null));
        Assert.DoesNotContain(frames, f => f.Contains("usage", StringComparison.Ordinal));
        Assert.All(frames, f => Assert.Equal("small", JsonDocument.Parse(f).RootElement.GetProperty("model").GetString()));
    }

    [Fact]
    public async Task Usage_comes_in_a_frame_without_choices_when_the_client_asks()
    {
        await using var host = await GatewayHost.StartAsync(backends: [ScriptedBackend.Hello()]);
        var (_, frames, isDone) = await host.StreamAsync("""{"model":"small","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"x"}]}""");

        Assert.True(isDone);
        var last = JsonDocument.Parse(frames[^1]).RootElement;
        Assert.Equal(0, last.GetProperty("choices").GetArrayLength());
        Assert.Equal(9, last.GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task The_trace_is_there_as_soon_as_the_answer_ended()
    {
        await using var host = await GatewayHost.StartAsync(backends: [ScriptedBackend.Hello()]);
        for (var i = 0; i < 20; i++)
        {
            var (head, _) = await host.PostAsync("/v1/chat/completions", Ask);
            var trace = await host.TraceAsync(head);
            Assert.Equal(["authenticate", "parse", "call", "watch the stream", "settle", "record"], trace.GetProperty("stages").EnumerateArray().Select(s => s.GetProperty("name").GetString()));
            Assert.Equal(Ask, trace.GetProperty("received").GetProperty("body").GetString());
            Assert.Equal("[masked]", trace.GetProperty("received").GetProperty("headers").GetProperty("authorization").GetString());
            Assert.Contains("Hello.", trace.GetProperty("answer").GetProperty("body").GetString(), StringComparison.Ordinal);
            Assert.Equal("up", trace.GetProperty("key").GetString());
            Assert.Equal(7, trace.GetProperty("usage").GetProperty("promptTokens").GetInt32());
        }
    }

    [Fact]
    public async Task A_fault_before_the_first_content_is_a_status()
    {
        var fault = new AnswerFault { Status = 504, Message = "no first token within 30 s", Type = "upstream_error", Code = "upstream_timeout" };
        await using var host = await GatewayHost.StartAsync(backends: [ScriptedBackend.Says("small", new AnswerPart(), new AnswerPart { Fault = fault })]);
        var (head, body) = await host.PostAsync("/v1/chat/completions", """{"model":"small","stream":true,"messages":[{"role":"user","content":"x"}]}""");

        Assert.Equal(504, (int)head.StatusCode);
        Assert.Equal("upstream_timeout", body.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(504, (await host.TraceAsync(head)).GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task A_fault_after_content_is_one_error_frame_and_then_done()
    {
        var fault = new AnswerFault { Status = 502, Message = "the upstream closed the connection", Type = "upstream_error", Code = "upstream_fault" };
        await using var host = await GatewayHost.StartAsync(backends: [ScriptedBackend.Says("small", new AnswerPart { Text = "Hal", HasContent = true }, new AnswerPart { Fault = fault })]);
        var (head, frames, isDone) = await host.StreamAsync("""{"model":"small","stream":true,"messages":[{"role":"user","content":"x"}]}""");

        Assert.Equal(200, (int)head.StatusCode);
        Assert.True(isDone);
        Assert.Equal("upstream_fault", JsonDocument.Parse(frames[^1]).RootElement.GetProperty("error").GetProperty("code").GetString());
        Assert.Single(frames, f => f.Contains("\"error\"", StringComparison.Ordinal));
        Assert.DoesNotContain(frames, f => f.Contains("\"finish_reason\":\"stop\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_without_a_reason_to_end_does_not_look_complete()
    {
        await using var host = await GatewayHost.StartAsync(backends: [ScriptedBackend.Says("small", new AnswerPart { Text = "Hal", HasContent = true })]);
        var (head, body) = await host.PostAsync("/v1/chat/completions", Ask);

        Assert.Equal(502, (int)head.StatusCode);
        Assert.Contains("without saying why", body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_defect_of_a_backend_is_a_500_that_names_the_request()
    {
        var broken = new ScriptedBackend("broken", [new ServedModel("small", ModelAbilities.Chat, null, "test")], (_, _) => throw new InvalidOperationException("a defect"));
        await using var host = await GatewayHost.StartAsync(backends: [broken]);
        var (head, body) = await host.PostAsync("/v1/chat/completions", Ask);

        Assert.Equal(500, (int)head.StatusCode);
        var id = head.Headers.GetValues("x-holdfast-request-id").Single();
        Assert.Contains(id, body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("a defect", body.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reasoning_tool_calls_logprobs_and_several_choices_of_a_local_backend_are_written()
    {
        var logprobs = JsonDocument.Parse("""[{"token":"a","logprob":-0.10,"bytes":[97],"top_logprobs":[]}]""").RootElement;
        AnswerPart[] parts =
        [
            new() { Reasoning = "hm", HasContent = true },
            new() { Text = "a", Logprobs = new PartLogprobs(logprobs, [0]), HasContent = true },
            new() { Choice = 1, ToolCall = new ToolCallDelta(0, "call_1", "weather", "{\"city\":"), HasContent = true },
            new() { Choice = 1, ToolCall = new ToolCallDelta(0, null, null, "\"Paris\"}"), HasContent = true },
            new() { FinishReason = "stop" },
            new() { Choice = 1, FinishReason = "tool_calls", Usage = new TokenUsage(1, 4, 0, UsageSource.Counted) },
        ];
        await using var host = await GatewayHost.StartAsync(backends: [ScriptedBackend.Says("small", parts)]);
        var (_, body) = await host.PostAsync("/v1/chat/completions", Ask);
        var first = body.GetProperty("choices")[0];
        Assert.Equal("hm", first.GetProperty("message").GetProperty("reasoning_content").GetString());
        Assert.Equal("-0.10", first.GetProperty("logprobs").GetProperty("content")[0].GetProperty("logprob").GetRawText());
        var call = body.GetProperty("choices")[1].GetProperty("message").GetProperty("tool_calls")[0];
        Assert.Equal("weather", call.GetProperty("function").GetProperty("name").GetString());
        Assert.Equal("{\"city\":\"Paris\"}", call.GetProperty("function").GetProperty("arguments").GetString());

        var (_, frames, _) = await host.StreamAsync(Ask.Replace("{\"model\"", "{\"stream\":true,\"model\"", StringComparison.Ordinal));
        var choices = frames.Select(f => JsonDocument.Parse(f).RootElement.GetProperty("choices")[0]).ToList();
        Assert.Equal(2, choices.Count(c => c.GetProperty("delta").TryGetProperty("role", out _)));
        Assert.Equal(["stop", "tool_calls"], choices.Select(c => c.GetProperty("finish_reason").GetString()).Where(r => r is not null));
        Assert.Equal("{\"city\":\"Paris\"}", string.Concat(choices.Select(c => c.GetProperty("delta").TryGetProperty("tool_calls", out var calls) ? calls[0].GetProperty("function").GetProperty("arguments").GetString() : "")));
    }

    [Fact]
    public async Task A_completion_of_a_local_backend_has_the_old_shape()
    {
        await using var host = await GatewayHost.StartAsync(backends: [ScriptedBackend.Hello()]);
        var (_, body) = await host.PostAsync("/v1/completions", """{"model":"small","prompt":"Say"}""");
        Assert.Equal("text_completion", body.GetProperty("object").GetString());
        Assert.Equal("Hello.", body.GetProperty("choices")[0].GetProperty("text").GetString());

        var (_, frames, isDone) = await host.StreamAsync("""{"model":"small","prompt":"Say","stream":true}""", "/v1/completions");
        Assert.True(isDone);
        Assert.Equal("Hello.", string.Concat(frames.Select(f => JsonDocument.Parse(f).RootElement.GetProperty("choices")[0].GetProperty("text").GetString())));
    }

    [Fact]
    public async Task A_frame_of_a_completion_whose_text_is_held_back_has_an_empty_text()
    {
        var logprobs = JsonDocument.Parse("""[{"token":"\ufffd","logprob":-1,"bytes":[240],"top_logprobs":[]}]""").RootElement;
        AnswerPart[] parts = [new() { Logprobs = new PartLogprobs(logprobs, [0]) }, new() { Text = "😀", HasContent = true, Logprobs = new PartLogprobs(logprobs, [0]) }, new() { FinishReason = "stop" }];
        await using var host = await GatewayHost.StartAsync(backends: [ScriptedBackend.Says("small", parts)]);
        var (_, frames, _) = await host.StreamAsync("""{"model":"small","prompt":"Say","stream":true,"logprobs":1}""", "/v1/completions");
        Assert.Equal(["", "😀", ""], frames.Select(f => JsonDocument.Parse(f).RootElement.GetProperty("choices")[0].GetProperty("text").GetString()));

        var (_, body) = await host.PostAsync("/v1/completions", """{"model":"small","prompt":"Say","logprobs":1}""");
        Assert.Equal("[0,0]", body.GetProperty("choices")[0].GetProperty("logprobs").GetProperty("text_offset").GetRawText());
    }

    [Theory]
    [InlineData(true, "N1")]
    [InlineData(false, "-")]
    public async Task A_client_that_asked_for_usage_has_the_member_in_every_frame(bool asks, string expected)
    {
        await using var host = await GatewayHost.StartAsync(backends: [ScriptedBackend.Hello()]);
        var (_, frames, _) = await host.StreamAsync($$$"""{"model":"small","messages":[{"role":"user","content":"hi"}],"stream":true{{{(asks ? ",\"stream_options\":{\"include_usage\":true}" : "")}}}}""");
        var seen = frames.Select(f => JsonDocument.Parse(f).RootElement.TryGetProperty("usage", out var usage) ? usage.ValueKind == JsonValueKind.Null ? 'N' : '1' : '-').Distinct();
        Assert.Equal(expected, string.Concat(seen));
    }
}
