using System.Text.Json;
using Holdfast.Gateway.Sse;
using Holdfast.Tests.Fakes;

namespace Holdfast.Tests.Gateway.Sse;

/// <summary>Real streams of four engines, chunk by chunk as they came, through the reader and the scan.</summary>
public sealed class RecordedStreamTests
{
    [Fact]
    public void The_selection_of_recordings_is_read_byte_for_byte() => Assert.InRange(Check(Recordings.Selection), 140, 1000);

    [Fact]
    public void All_recordings_are_read_byte_for_byte()
    {
        if (Recordings.All is not { } folder)
        {
            Assert.Skip("the folder of reference data is not beside this checkout");
            return;
        }

        // 451 files; four of them hold two exchanges, four none (notes only).
        Assert.InRange(Check(folder), 440, 460);
    }

    private static int Check(string folder)
    {
        var exchanges = Recordings.In(folder);
        foreach (var exchange in exchanges)
        {
            if (exchange.IsEventStream)
            {
                CheckStream(exchange);
            }
            else if (exchange.Head.Contains("application/json", StringComparison.OrdinalIgnoreCase) && exchange.Body.Length > 0)
            {
                CheckBody(exchange);
            }
        }

        return exchanges.Count;
    }

    private static void CheckStream(RecordedExchange exchange)
    {
        int[] chunks = [.. exchange.Received.Where(static item => item.Kind is "chunk" or "body" or "partial").Select(static item => item.Data.Length)];
        var events = SseReaderTests.InPieces(exchange.Body, chunks);
        Assert.True(SseReaderTests.Same(events, SlowEvents.Read(exchange.Body)), exchange.ToString());
        if (!exchange.Path.StartsWith("/v1/", StringComparison.Ordinal))
        {
            return;
        }

        var ledger = new ChoiceLedger();
        foreach (var data in events.Where(static data => !data.AsSpan().SequenceEqual("[DONE]"u8)))
        {
            CheckFacts(exchange, FrameScan.Read(data, ledger), data);
        }
    }

    private static void CheckBody(RecordedExchange exchange)
    {
        try
        {
            using var document = JsonDocument.Parse(exchange.Body);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                CheckFacts(exchange, FrameScan.Read(exchange.Body, new ChoiceLedger()), exchange.Body);
            }
        }
        catch (JsonException)
        {
            Assert.ThrowsAny<JsonException>(() => FrameScan.Read(exchange.Body, new ChoiceLedger()));
        }
    }

    // The twin: the same facts by way of a document.
    private static void CheckFacts(RecordedExchange exchange, FrameFacts facts, byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var choices = root.TryGetProperty("choices", out var array) && array.ValueKind == JsonValueKind.Array ? array.EnumerateArray().ToList() : [];
        var finish = choices.Select(static choice => choice.TryGetProperty("finish_reason", out var reason) ? reason.GetString() : null).LastOrDefault(static reason => reason is not null);
        Assert.True(finish == facts.FinishReason, $"{exchange}: finish {facts.FinishReason}, recorded {finish}");
        Assert.True(facts.HasError == (root.TryGetProperty("error", out var error) && error.ValueKind != JsonValueKind.Null), $"{exchange}: error");
        var prompt = root.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object && usage.TryGetProperty("prompt_tokens", out var tokens) ? tokens.GetInt32() : 0;
        Assert.True(prompt == (facts.Usage?.PromptTokens ?? 0), $"{exchange}: usage {facts.Usage}, recorded {prompt}");
        var hasContent = finish is not null || choices.Any(HasContent);
        Assert.True(hasContent == facts.HasContent, $"{exchange}: content {facts.HasContent} of {System.Text.Encoding.UTF8.GetString(json)}");
    }

    private static bool HasContent(JsonElement choice)
    {
        if (choice.TryGetProperty("text", out var text))
        {
            return text.GetString()!.Length > 0;
        }

        return (choice.TryGetProperty("delta", out var delta) || choice.TryGetProperty("message", out delta))
            && delta.EnumerateObject().Any(static member => member.Name != "role" && member.Value.GetRawText() is not ("null" or "\"\"" or "[]" or "{}" or "true" or "false"));
    }
}
