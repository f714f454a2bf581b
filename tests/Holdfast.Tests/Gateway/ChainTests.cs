using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Holdfast.Gateway.Upstreams;
using Holdfast.Tests.Fakes;
using Holdfast.Traffic.Admission;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Tests.Gateway;

/// <summary>Client, gateway, upstream: the whole chain over sockets.</summary>
public sealed class ChainTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Task<GatewayHost> StartAsync(FakeVllm fake) =>
        GatewayHost.StartAsync(upstreams: [new UpstreamOptions { Name = "fake", Urls = [fake.Url] }]);

    private static string Ask(bool isStream) =>
        $$"""{"model":"fake-model","stream":{{(isStream ? "true" : "false")}},"messages":[{"role":"user","content":"hi"}]}""";

    [Theory]
    [InlineData(FakeFace.Vllm)]
    [InlineData(FakeFace.Llama)]
    [InlineData(FakeFace.Ollama)]
    [InlineData(FakeFace.Sim)]
    public async Task Every_face_streams_whole_under_the_name_asked_for_without_usage_unasked(FakeFace face)
    {
        await using var fake = FakeVllm.Start(face);
        await using var host = await StartAsync(fake);
        var (head, frames, isDone) = await host.StreamAsync(Ask(isStream: true));
        Assert.Equal((200, true), ((int)head.StatusCode, isDone));
        var json = frames.ConvertAll(f => JsonDocument.Parse(f).RootElement);
        Assert.All(json, f => Assert.Equal("fake-model", f.GetProperty("model").GetString()));
        Assert.All(json, f => Assert.False(f.TryGetProperty("usage", out _)));
        Assert.Single(json, f => f.GetProperty("choices").EnumerateArray().Any(c => c.TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String));
        var trace = await host.TraceAsync(head);
        Assert.Equal("provider", trace.GetProperty("usage").GetProperty("source").GetString());
        Assert.Contains("\"include_usage\":true", trace.GetProperty("sent").GetProperty("body").GetString(), StringComparison.Ordinal);

        var (_, whole) = await host.PostAsync("/v1/chat/completions", Ask(isStream: false));
        Assert.Equal("fake-model", whole.GetProperty("model").GetString());
    }

    [Theory]
    [InlineData(FakeFace.Vllm)]
    [InlineData(FakeFace.Llama)]
    [InlineData(FakeFace.Ollama)]
    [InlineData(FakeFace.Sim)]
    public async Task Where_retrieval_ran_the_frame_that_ends_carries_annotations_and_the_holdfast_object(FakeFace face)
    {
        await using var fake = FakeVllm.Start(face);
        fake.Script = _ => new FakeScript { Piece = " word [1]." };
        await using var host = await GatewayHost.StartAsync(
            upstreams: [new UpstreamOptions { Name = "fake", Urls = [fake.Url] }],
            retriever: new ListedRetriever(ListedRetriever.Restart));
        var (head, frames, isDone) = await host.StreamAsync(Ask(isStream: true).Replace("fake-model", "fake-model@handbook", StringComparison.Ordinal));
        Assert.Equal((200, true), ((int)head.StatusCode, isDone));
        var last = frames.ConvertAll(f => JsonDocument.Parse(f).RootElement).Single(f => f.TryGetProperty("holdfast", out _));
        var choice = last.GetProperty("choices")[0];
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(6, choice.GetProperty("delta").GetProperty("annotations").GetArrayLength());
        Assert.Equal(6, last.GetProperty("holdfast").GetProperty("citations").GetArrayLength());

        var (_, whole) = await host.PostAsync("/v1/chat/completions", Ask(isStream: false).Replace("fake-model", "fake-model@handbook", StringComparison.Ordinal));
        Assert.NotEmpty(whole.GetProperty("choices")[0].GetProperty("message").GetProperty("annotations").EnumerateArray());
        Assert.Equal("fake-model@handbook", whole.GetProperty("model").GetString());
    }

    [Theory]
    [InlineData(FakeFault.Reset)]
    [InlineData(FakeFault.Close)]
    [InlineData(FakeFault.CutFrame)]
    [InlineData(FakeFault.CleanEndWithoutFinish)]
    [InlineData(FakeFault.DoneWithoutFinish)]
    [InlineData(FakeFault.ErrorFrame)]
    [InlineData(FakeFault.InvalidFrame)]
    public async Task A_stream_that_breaks_after_content_ends_with_one_error_frame_and_done(FakeFault fault)
    {
        await using var fake = FakeVllm.Start();
        fake.Script = _ => FakeScript.With(fault);
        await using var host = await StartAsync(fake);
        var (head, frames, isDone) = await host.StreamAsync(Ask(isStream: true));
        Assert.Equal((200, true), ((int)head.StatusCode, isDone));
        Assert.True(JsonDocument.Parse(frames[^1]).RootElement.TryGetProperty("error", out _), frames[^1]);
        Assert.Single(frames, f => f.Contains("\"error\"", StringComparison.Ordinal));
        Assert.DoesNotContain(frames, f => f.Contains("\"finish_reason\":\"stop\"", StringComparison.Ordinal));
        Assert.NotEmpty((await host.TraceAsync(head)).GetProperty("warnings").EnumerateArray());
    }

    [Theory]
    [InlineData(FakeFault.ErrorFrameFirst, true)]
    [InlineData(FakeFault.ErrorInside200, true)]
    [InlineData(FakeFault.ErrorInside200, false)]
    [InlineData(FakeFault.CutJson, false)]
    [InlineData(FakeFault.InvalidJson, false)]
    [InlineData(FakeFault.WrongJson, false)]
    [InlineData(FakeFault.CloseBeforeHead, true)]
    public async Task A_fault_before_content_is_a_status_and_never_a_200(FakeFault fault, bool isStream)
    {
        await using var fake = FakeVllm.Start();
        fake.Script = _ => FakeScript.With(fault);
        await using var host = await StartAsync(fake);
        var (head, body) = await host.PostAsync("/v1/chat/completions", Ask(isStream));
        Assert.InRange((int)head.StatusCode, 400, 599);
        Assert.NotEmpty(body.GetProperty("error").GetProperty("message").GetString()!);
        Assert.Equal((int)head.StatusCode, (await host.TraceAsync(head)).GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task A_429_keeps_its_Retry_After()
    {
        await using var fake = FakeVllm.Start();
        fake.Script = _ => FakeScript.Answer(429, """{"error":{"message":"slow","type":"x","param":null,"code":429}}""", "Content-Type: application/json\r\nRetry-After: 7\r\n");
        await using var host = await StartAsync(fake);
        var (head, body) = await host.PostAsync("/v1/chat/completions", Ask(isStream: true));
        Assert.Equal((429, "7"), ((int)head.StatusCode, head.Headers.GetValues("Retry-After").Single()));
        Assert.Equal("slow", body.GetProperty("error").GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("queued: the head came, no content", FakeFault.StallAfterHead, true)]
    [InlineData("before the first byte", FakeFault.StallBeforeHead, true)]
    [InlineData("in mid-stream", FakeFault.Stall, true)]
    [InlineData("an answer that does not stream", FakeFault.StallBeforeHead, false)]
    public async Task Twenty_of_twenty_clients_that_leave_reach_the_upstream_and_give_their_place_back(string state, FakeFault fault, bool isStream)
    {
        await using var fake = FakeVllm.Start();
        fake.Script = _ => FakeScript.With(fault);
        await using var host = await StartAsync(fake);
        var limit = host.Services.GetRequiredService<InFlightLimit>();
        var body = Ask(isStream);
        var delays = new List<double>();
        for (var i = 0; i < 20; i++)
        {
            var client = await RawHttp.OpenAsync(host);
            await client.SendAsync(RawHttp.Head(host, "POST", "/v1/chat/completions", "Content-Type: application/json", $"Content-Length: {body.Length}") + body);
            var request = await fake.NextAsync(Token);
            if (fault == FakeFault.Stall)
            {
                var seen = new StringBuilder();
                var buffer = new byte[4_096];
                while (!seen.ToString().Contains("word", StringComparison.Ordinal))
                {
                    seen.Append(Encoding.UTF8.GetString(buffer, 0, await client.Stream.ReadAsync(buffer, Token)));
                }
            }

            var left = Stopwatch.GetTimestamp();
            await client.DisposeAsync();
            delays.Add(Stopwatch.GetElapsedTime(left, await request.Aborted.WaitAsync(Bound, Token)).TotalMilliseconds);
        }

        while (limit.InFlight > 0)
        {
            await Task.Yield();
        }

        delays.Sort();
        output.WriteLine($"{state}: {delays.Count} of 20, median {delays[10]:0.0} ms, slowest {delays[^1]:0.0} ms");
        Assert.Equal(20, delays.Count);
    }
}
