using System.Buffers;
using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Gateway.Answers;
using Holdfast.Gateway.Exchanges;
using Holdfast.Gateway.Metrics;
using Holdfast.Gateway.Models;
using Holdfast.Gateway.Pipeline;
using Holdfast.Gateway.Records;
using Holdfast.Gateway.Wire;
using Holdfast.Traffic.Admission;

namespace Holdfast.Gateway.Asking;

/// <summary>Sends a question of a page through the same pipeline as a client's call, recorded like one.</summary>
internal sealed class AskService(
    AnswerPipeline pipeline,
    ModelDirectory models,
    RecordBook records,
    RequestIds ids,
    TrafficHistory history,
    InFlightLimit inFlight,
    TimeProvider clock) : IAsk
{
    public async Task<AskOutcome> AskAsync(string question, string? model, string keyName, CancellationToken cancellationToken)
    {
        var name = model ?? models.DefaultName;
        var x = new Exchange(ids.Next(), clock.GetUtcNow(), clock, "ASK /v1/chat/completions")
        {
            KeyName = keyName,
            Kind = CallKind.Chat,
            Received = Body(name, question),
        };
        var sink = new AskSink(x.Answer);
        using var lease = inFlight.TryTake();
        var fault = lease is null
            ? Refusals.Full($"The service is full: {inFlight.Max} calls are at work.", TimeSpan.FromSeconds(1))
            : await RunAsync(x, sink, cancellationToken);
        x.Fault ??= fault;
        x.Status = fault?.Status ?? 200;
        x.Duration = x.Elapsed;
        records.Add(x);
        history.Add(x.Status, x.IsCutShort, x.Ttft);
        return new AskOutcome
        {
            RequestId = x.Id,
            Model = name,
            AnsweredBy = x.Backend?.Name ?? "",
            Text = sink.Text,
            Citations = x.Citations,
            IsRefusal = x.IsRefusal,
            PassagesFound = x.Retrieved?.Passages.Count ?? 0,
            Microseconds = Exchange.Microseconds(x.Duration),
            Fault = fault,
        };
    }

    private async Task<AnswerFault?> RunAsync(Exchange x, AskSink sink, CancellationToken cancellationToken)
    {
        // Kept as a status before the record is made inside the pipeline; a fault overwrites it.
        x.Status = 200;
        return await pipeline.RunAsync(x, _ => sink, cancellationToken);
    }

    private static byte[] Body(string model, string question)
    {
        var buffer = new ArrayBufferWriter<byte>(question.Length + 128);
        using (var json = new Utf8JsonWriter(buffer, JsonText.Writing))
        {
            json.WriteStartObject();
            json.WriteString("model"u8, model);
            json.WriteStartArray("messages"u8);
            json.WriteStartObject();
            json.WriteString("role"u8, "user"u8);
            json.WriteString("content"u8, question);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
