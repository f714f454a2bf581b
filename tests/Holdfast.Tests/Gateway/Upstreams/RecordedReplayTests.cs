using System.Text;
using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Tests.Fakes;
using Holdfast.Tests.Gateway.Sse;

namespace Holdfast.Tests.Gateway.Upstreams;

/// <summary>Recorded bytes over a loopback socket, read by read, through the whole of an upstream call.</summary>
public sealed class RecordedReplayTests
{
    [Fact]
    public async Task The_selection_is_answered_as_recorded() => Assert.InRange(await CheckAsync(Recordings.Selection), 100, 1000);

    [Fact]
    public async Task All_recordings_are_answered_as_recorded()
    {
        if (Recordings.All is not { } folder)
        {
            Assert.Skip("the folder of reference data is not beside this checkout");
            return;
        }

        Assert.InRange(await CheckAsync(folder), 300, 1000);
    }

    private static async Task<int> CheckAsync(string folder)
    {
        await using var server = new ReplayServer();
        var replayed = 0;
        foreach (var exchange in Recordings.In(folder).Where(CanBeReplayed))
        {
            server.Exchange = exchange;
            await using var pool = new PoolUnderTest([server.Url]);
            Check(exchange, await pool.AskAsync(Call(exchange)));
            replayed++;
        }

        return replayed;
    }

    private static bool CanBeReplayed(RecordedExchange exchange) =>
        exchange is { IsPost: true, ClientLeft: false, Status: not 0 } && exchange.Path is "/v1/chat/completions" or "/v1/completions" or "/v1/embeddings";

    private static void Check(RecordedExchange exchange, Answered answered)
    {
        if (exchange.Status != 200)
        {
            var expected = exchange.Status switch
            {
                401 => 502,
                500 when exchange.Engine == "llama.cpp" && exchange.Name is "chat-bad-json" or "chat-image" or "chat-empty-body" => 400,
                _ => exchange.Status,
            };
            Assert.True(answered.Fault?.Status == expected, $"{exchange}: {answered.Fault}");
            return;
        }

        if (!exchange.IsEventStream)
        {
            Assert.True(answered.Fault is null && answered.Raw == Encoding.UTF8.GetString(exchange.Body), $"{exchange}: {answered.Fault}");
            return;
        }

        CheckStream(exchange, answered);
    }

    private static void CheckStream(RecordedExchange exchange, Answered answered)
    {
        List<byte[]> frames = [.. SlowEvents.Read(exchange.Body).Where(static data => !data.AsSpan().SequenceEqual("[DONE]"u8))];
        var error = frames.FindIndex(static data => Parsed(data).TryGetProperty("error", out _));
        var raw = frames.Take(error < 0 ? frames.Count : error).ToList();
        Assert.True(answered.HasContent ? answered.Raw == string.Concat(raw.Select(Encoding.UTF8.GetString)) : answered.Raw.Length == 0 || answered.Fault is null, $"{exchange}: bytes");
        var isWhole = error < 0 && raw.Any(static data => Choices(data).Any(static choice => choice.GetProperty("finish_reason").ValueKind == JsonValueKind.String));
        Assert.True(isWhole == (answered.Fault is null), $"{exchange}: whole {isWhole}, {answered.Fault}");
        var usage = raw.Select(static data => Parsed(data).TryGetProperty("usage", out var used) && used.ValueKind == JsonValueKind.Object ? used.GetProperty("prompt_tokens").GetInt32() : 0).LastOrDefault(static tokens => tokens > 0);
        Assert.True(usage == (answered.Usage?.PromptTokens ?? 0), $"{exchange}: usage {usage}, {answered.Usage}");
    }

    private static List<JsonElement> Choices(byte[] data) => Parsed(data).TryGetProperty("choices", out var choices) ? [.. choices.EnumerateArray()] : [];

    private static JsonElement Parsed(byte[] data)
    {
        using var document = JsonDocument.Parse(data);
        return document.RootElement.Clone();
    }

    private static AnswerCall Call(RecordedExchange exchange)
    {
        var isStream = false;
        var choices = 1;
        IReadOnlyList<string> inputs = [];
        try
        {
            using var body = JsonDocument.Parse(exchange.RequestBody);
            isStream = body.RootElement.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True;
            choices = body.RootElement.TryGetProperty("n", out var n) ? n.GetInt32() : 1;
            inputs = body.RootElement.TryGetProperty("prompt", out var prompt) && prompt.ValueKind == JsonValueKind.Array ? [.. prompt.EnumerateArray().Select(static each => each.ToString())] : [];
        }
        catch (JsonException)
        {
            // Some recorded requests are broken on purpose; their answers are errors.
            Assert.NotEqual(200, exchange.Status);
        }

        return new AnswerCall
        {
            RequestId = "hf-1",
            Kind = exchange.Path switch { "/v1/completions" => CallKind.Completion, "/v1/embeddings" => CallKind.Embedding, _ => CallKind.Chat },
            Model = "m",
            Request = new ChatRequest { Messages = [], IsStream = isStream, Choices = choices, Inputs = inputs },
            Body = exchange.RequestBody,
        };
    }
}
