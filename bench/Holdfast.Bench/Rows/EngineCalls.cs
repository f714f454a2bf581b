using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Serving;

namespace Holdfast.Bench.Rows;

/// <summary>Calls the engine as the gateway does.</summary>
internal static class EngineCalls
{
    /// <summary>Completes a text greedily. Gives the parts and the time to the first that holds content.</summary>
    public static async Task<(List<AnswerPart> Parts, TimeSpan First)> CompleteAsync(EngineBackend backend, string prompt, int tokens, int topLogprobs = 0)
    {
        var request = new ChatRequest { Messages = [], Inputs = [prompt], Temperature = 0, MaxTokens = tokens, WantsLogprobs = topLogprobs > 0, TopLogprobs = topLogprobs };
        var call = new AnswerCall { RequestId = "bench", Kind = CallKind.Completion, Model = backend.Models[0].Id, Request = request, Body = default };
        var start = TimeProvider.System.GetTimestamp();
        TimeSpan? first = null;
        List<AnswerPart> parts = [];
        await foreach (var part in backend.AnswerAsync(call, CancellationToken.None))
        {
            first ??= part.HasContent || part.FinishReason is not null ? TimeProvider.System.GetElapsedTime(start) : null;
            parts.Add(part);
        }

        return parts.Find(p => p.Fault is not null) is { } failed
            ? throw new InvalidOperationException(failed.Fault!.Message)
            : (parts, first ?? throw new InvalidOperationException("an answer without content"));
    }

    public static string Logprobs(IEnumerable<AnswerPart> parts) =>
        string.Concat(parts.Select(p => p.Logprobs is { } logprobs ? JsonSerializer.Serialize(logprobs.Content) : ""));
}
