using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Counting;
using Holdfast.Gateway.Exchanges;
using Holdfast.Gateway.Metrics;
using Holdfast.Gateway.Models;
using Holdfast.Gateway.Options;
using Holdfast.Gateway.Records;
using Holdfast.Gateway.Wire;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Gateway.Routes;

/// <summary>Answers <c>/v1/embeddings</c> with an encoder of our own.</summary>
internal sealed class EmbeddingCall(GatewayOptions options, ModelDirectory models, RecordBook records, GatewayMeters meters)
{
    private const int InputsMax = 2_048;

    /// <summary>True when one of our encoders is asked for, or when nobody else could be.</summary>
    public bool IsOurs(Exchange x)
    {
        var (call, _) = CallParser.Parse(CallKind.Embedding, x.Received, options.Limits.JsonDepthMax, options.Limits.MessagesMax);
        if (call is null)
        {
            return false;
        }

        (x.Call, x.Model) = (call, call.Model);
        return models.Embedder(call.Model) is not null || !models.List().Any(m => m.Served.Abilities.HasFlag(ModelAbilities.Embeddings));
    }

    public async Task<AnswerFault?> AnswerAsync(HttpContext context, Exchange x)
    {
        var call = x.Call!;
        if (models.Embedder(call.Model) is not { } embedder)
        {
            return Refusals.NotFound("model_not_found", $"'{call.Model}' cannot embed. {ModelDirectory.Remedy(ModelAbilities.Embeddings)}", "model");
        }

        if (Refused(call, embedder) is { } fault)
        {
            return fault;
        }

        x.Served = new ServedModel(embedder.Model, ModelAbilities.Embeddings, embedder.TokensMax, "holdfast");
        x.Begin();
        EmbeddingBatch batch;
        try
        {
            batch = await embedder.EmbedAsync(call.Request.Inputs, isBackground: false, allowsCut: false, context.RequestAborted);
        }
        catch (EmbedderException broken)
        {
            return Refusals.Broken(broken.Message);
        }

        x.End("call", $"{batch.Vectors.Count} vectors");
        var cut = batch.IsCut.ToList().IndexOf(true);
        if (cut >= 0)
        {
            return Refusals.BadRequest("context_length_exceeded", $"Input {cut} has {(batch.IsLeast ? "at least " : "")}{batch.Tokens[cut]} tokens; '{embedder.Model}' holds {embedder.TokensMax}. Cut it into shorter texts; nothing is cut here.", "input");
        }

        x.Ttft = x.Elapsed;
        x.Usage = new TokenUsage(batch.Tokens.Sum(), 0, null, UsageSource.Counted);
        meters.Tokens.Add(x.Usage.PromptTokens, new("kind", "prompt"), new("model", embedder.Model), new("source", UsageWords.Of(x.Usage.Source)));
        var body = Write(x, embedder, batch, call.EncodingFormat == "base64");
        x.Answer.Add(body.Span);
        var response = context.Response;
        response.Headers["x-holdfast-answered-by"] = embedder.Model;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        x.Status = StatusCodes.Status200OK;
        x.Duration = x.Elapsed;
        records.Add(x);
        await response.Body.WriteAsync(body, context.RequestAborted);
        return null;
    }

    private static AnswerFault? Refused(ParsedCall call, IEmbedder embedder)
    {
        if (call.Request.OwnFault is { } own)
        {
            return own;
        }

        if (call.HasTokenInputs)
        {
            return Refusals.Unsupported("input", $"'input' holds token numbers; '{embedder.Model}' takes a string or an array of strings.");
        }

        if (call.Dimensions is not null && call.Dimensions != embedder.Dimensions)
        {
            return Refusals.Unsupported("dimensions", $"'{embedder.Model}' makes vectors of {embedder.Dimensions} dimensions and no others.");
        }

        if (call.EncodingFormat is not (null or "float" or "base64"))
        {
            return Refusals.BadRequest("invalid_value", "'encoding_format' must be float or base64.", "encoding_format");
        }

        if (call.Request.Inputs.Count > InputsMax)
        {
            return Refusals.BadRequest("invalid_value", $"'input' holds {call.Request.Inputs.Count} texts; {InputsMax} is the most in one call.", "input");
        }

        var empty = call.Request.Inputs.ToList().FindIndex(string.IsNullOrEmpty);
        return empty < 0 ? null : Refusals.BadRequest("invalid_value", $"Input {empty} is empty.", "input");
    }

    private static ReadOnlyMemory<byte> Write(Exchange x, IEmbedder embedder, EmbeddingBatch batch, bool isBase64)
    {
        var buffer = new ArrayBufferWriter<byte>(batch.Vectors.Count * embedder.Dimensions * 10);
        using (var json = new Utf8JsonWriter(buffer, JsonText.Writing))
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "list"u8);
            json.WriteStartArray("data"u8);
            for (var i = 0; i < batch.Vectors.Count; i++)
            {
                json.WriteStartObject();
                json.WriteString("object"u8, "embedding"u8);
                json.WriteNumber("index"u8, i);
                WriteVector(json, batch.Vectors[i], isBase64);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("model"u8, embedder.Model);
            json.WriteStartObject("usage"u8);
            json.WriteNumber("prompt_tokens"u8, x.Usage!.PromptTokens);
            json.WriteNumber("total_tokens"u8, x.Usage.PromptTokens);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteVector(Utf8JsonWriter json, float[] vector, bool isBase64)
    {
        if (isBase64)
        {
            // Little-endian floats, as every client of that form expects.
            json.WriteBase64String("embedding"u8, MemoryMarshal.AsBytes(vector.AsSpan()));
            return;
        }

        json.WriteStartArray("embedding"u8);
        foreach (var value in vector)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }
}
