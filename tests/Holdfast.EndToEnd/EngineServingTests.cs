using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Holdfast.EndToEnd;

/// <summary>A serving engine and what the world does to it: the file goes away, the crowd comes, clients leave at every stage.</summary>
public sealed class EngineServingTests
{
    private const string Completions = "/v1/completions";

    [Fact]
    public async Task A_model_found_by_its_name_answers_and_nothing_that_happens_to_its_file_matters()
    {
        await using var rig = await EngineRig.StartAsync();
        var answer = await rig.AnswerAsync();
        Assert.NotEmpty(answer);

        await using (var stream = new FileStream(rig.ModelFile, FileMode.Open, FileAccess.Write))
        {
            stream.SetLength(1000);
        }

        Assert.Equal(answer, await rig.AnswerAsync());
        await File.WriteAllBytesAsync(rig.ModelFile, new byte[2_000_000]);
        Assert.Equal(answer, await rig.AnswerAsync());
        File.Delete(rig.ModelFile);
        Assert.Equal(answer, await rig.AnswerAsync());
        Assert.Equal(0, await rig.Process.StopAsync());
    }

    [Fact]
    public async Task Ten_thousand_calls_at_once_are_answered_or_refused_and_leave_nothing_behind()
    {
        const int Calls = 10_000;
        await using var rig = await EngineRig.StartAsync("engine.scheduler.runningMax=8", "engine.scheduler.waitingMax=64");
        var answer = await rig.AnswerAsync(maxTokens: 8);
        using var client = Crowd(rig);
        var before = rig.ResidentMiB();

        var all = await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => OneAsync(rig, client)));

        await rig.UntilIdleAsync();
        var answered = all.Where(one => one.Status == HttpStatusCode.OK).ToList();
        var refused = all.Where(one => one.Status != HttpStatusCode.OK).ToList();
        Assert.All(answered, one => Assert.Equal(answer, one.Text));
        Assert.All(refused, one => Assert.True(one.Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests && one.HasRetryAfter, $"{one.Status} {one.Text}"));
        Assert.InRange(answered.Count, 8 + 64, Calls);
        Assert.NotEmpty(refused);
        var grownMiB = rig.ResidentMiB() - before;
        TestContext.Current.TestOutputHelper!.WriteLine($"{answered.Count} answered, {refused.Count} refused, resident memory grew by {grownMiB} MiB from {before}");

        // The server's buffers, and none of the engine's memory: 64 KiB a connection are plenty.
        Assert.InRange(grownMiB, -1000, Calls * 64 / 1024);
        Assert.Equal(answer, await rig.AnswerAsync(maxTokens: 8));
    }

    [Theory]
    [InlineData("inside the head")]
    [InlineData("inside the body")]
    [InlineData("before the first token")]
    [InlineData("while the prompt is read")]
    [InlineData("after some tokens")]
    [InlineData("between the last token and the end")]
    public async Task A_client_that_leaves_gives_back_its_blocks(string stage)
    {
        await using var rig = await EngineRig.StartAsync();
        var answer = await rig.AnswerAsync();

        await LeaveAsync(rig, stage);

        await rig.UntilIdleAsync();
        Assert.Equal(answer, await rig.AnswerAsync());
    }

    [Fact]
    public async Task A_client_that_leaves_the_queue_leaves_no_place_taken()
    {
        await using var rig = await EngineRig.StartAsync("engine.scheduler.runningMax=1");
        using var occupant = await SendAsync(rig, Prompts(letters: 10, maxTokens: 400), Completions);
        await rig.UntilAsync("vllm:num_requests_waiting", value => value >= 1);
        var waiting = await rig.MetricAsync("vllm:num_requests_waiting");
        var guest = await SendAsync(rig, Prompts(letters: 10, maxTokens: 400), Completions);
        await rig.UntilAsync("vllm:num_requests_waiting", value => value > waiting);
        guest.Dispose();

        await rig.UntilAsync("vllm:num_requests_waiting", value => value <= waiting);
        await rig.UntilAsync("holdfast_in_flight", value => value == 1);
        occupant.Dispose();
        await rig.UntilIdleAsync();
    }

    /// <summary>Many prompts in one call: work for longer than any look at the gauges takes.</summary>
    private static object Prompts(int letters, int maxTokens) =>
        new { model = EngineRig.Model, prompt = Enumerable.Range(0, 250).Select(i => $"{i} {new string('x', letters)}").ToArray(), max_tokens = maxTokens, stream = true };

    private static HttpClient Crowd(EngineRig rig)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = rig.Process.Client.BaseAddress, Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Add("authorization", $"Bearer {HoldfastProcess.Key}");
        return client;
    }

    private static async Task<(HttpStatusCode Status, string Text, bool HasRetryAfter)> OneAsync(EngineRig rig, HttpClient client)
    {
        using var response = await rig.PostAsync(EngineRig.Chat("The service restarts when", 8), client);
        var body = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        return response.IsSuccessStatusCode
            ? (response.StatusCode, body.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!, false)
            : (response.StatusCode, body.GetProperty("error").GetProperty("message").GetString()!, response.Headers.RetryAfter is not null);
    }

    private static async Task LeaveAsync(EngineRig rig, string stage)
    {
        var story = EngineRig.Chat("Tell.", 480, isStream: true, choices: 8);
        switch (stage)
        {
            case "inside the head":
                (await SendAsync(rig, story, bytes: 40)).Dispose();
                break;
            case "inside the body":
                (await SendAsync(rig, story, bytes: -10)).Dispose();
                break;
            case "before the first token":
                (await SendAsync(rig, story)).Dispose();
                break;
            case "while the prompt is read":
                var reading = await SendAsync(rig, Prompts(letters: 400, maxTokens: 1), Completions);
                await rig.UntilAsync("vllm:num_requests_running", value => value > 0);
                reading.Dispose();
                break;
            default:
                var isLast = stage.StartsWith("between", StringComparison.Ordinal);
                using (var socket = await SendAsync(rig, EngineRig.Chat("Tell.", isLast ? 12 : 480, isStream: true)))
                {
                    await ReadUntilAsync(socket, text => isLast ? text.Contains("\"finish_reason\":\"", StringComparison.Ordinal) : text.Split("\"content\":\"").Length > 4);
                }

                break;
        }
    }

    /// <summary>Sends a call over a socket of its own; of its bytes only so many, or all but so many when negative.</summary>
    private static async Task<TcpClient> SendAsync(EngineRig rig, object request, string path = "/v1/chat/completions", int? bytes = null)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(request);
        var head = $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{rig.Process.Port}\r\nAuthorization: Bearer {HoldfastProcess.Key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n";
        byte[] all = [.. Encoding.ASCII.GetBytes(head), .. body];
        var socket = new TcpClient { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, rig.Process.Port);
        await socket.GetStream().WriteAsync(all.AsMemory(0, bytes is { } count ? (count < 0 ? all.Length + count : count) : all.Length));
        return socket;
    }

    private static async Task ReadUntilAsync(TcpClient socket, Func<string, bool> isEnough)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!isEnough(text.ToString()))
        {
            var count = await socket.GetStream().ReadAsync(buffer);
            Assert.True(count > 0, $"the stream ended early: {text}");
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }
    }
}
