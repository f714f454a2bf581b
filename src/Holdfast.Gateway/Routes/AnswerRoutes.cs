using Holdfast.Abstractions.Answering;
using Holdfast.Gateway.Answers;
using Holdfast.Gateway.Exchanges;
using Holdfast.Gateway.Options;
using Holdfast.Gateway.Pipeline;
using Holdfast.Gateway.Wire;
using Holdfast.Traffic.Admission;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Gateway.Routes;

/// <summary>The routes that call a model: chat, completions, embeddings.</summary>
internal sealed class AnswerRoutes(GatewayOptions options, AnswerPipeline pipeline, EmbeddingCall embedding, BodyReader bodies, InFlightLimit inFlight, TimeProvider clock)
{
    private readonly WriteDeadline _writes = new(clock, options.Limits.WriteDeadline);

    public Task ChatAsync(HttpContext context) => RunAsync(context, CallKind.Chat);

    public Task CompletionAsync(HttpContext context) => RunAsync(context, CallKind.Completion);

    public Task EmbeddingAsync(HttpContext context) => RunAsync(context, CallKind.Embedding);

    private async Task RunAsync(HttpContext context, CallKind kind)
    {
        var x = context.Features.Exchange();
        using var lease = inFlight.TryTake();
        if (lease is null)
        {
            x.Fault = InFlightRefusal.Of(inFlight);
            return;
        }

        var (body, fault) = await bodies.ReadJsonAsync(context, options.Limits.BodyBytesMax, options.Limits.BodyDeadline);
        (x.Received, x.Kind) = (body, kind);
        x.Origin = $"{context.Request.Scheme}://{context.Request.Host}";
        if (fault is null && kind == CallKind.Embedding && embedding.IsOurs(x))
        {
            fault = await embedding.AnswerAsync(context, x);
        }
        else
        {
            fault ??= await pipeline.RunAsync(x, Open, context.RequestAborted);
        }

        x.Fault ??= fault;

        IAnswerSink Open(Exchange exchange) =>
            exchange.Request!.IsStream && kind != CallKind.Embedding ? new StreamSink(context.Response, exchange, _writes) : new WholeSink(context.Response, exchange, _writes);
    }
}
