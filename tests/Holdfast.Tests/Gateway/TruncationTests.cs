using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Counting;
using Holdfast.Gateway.Counting;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Tests.Gateway;

public sealed class TruncationTests
{
    [Fact]
    public async Task An_upstream_that_cuts_the_prompt_is_named_in_header_trace_and_metric()
    {
        // It adds five tokens of template to our count, until it reads no more than 100.
        var up = new ScriptedBackend("ollama-a", [new ServedModel("small", ModelAbilities.Chat, null, "test")], (call, token) =>
        {
            var words = call.Request.Messages.Sum(m => m.Text.Count(c => c == ' ') + 1);
            return ScriptedBackend.Parts(
                [
                    new AnswerPart { Raw = "{\"choices\":[]}"u8.ToArray(), Text = "x", HasContent = true, FinishReason = "stop", Usage = new TokenUsage(Math.Min(100, words + 5), 1, null, UsageSource.Provider) },
                ],
                token);
        });
        await using var host = await GatewayHost.StartAsync(backends: [up], more: s => s.AddSingleton<ITokenCounter, WordCounter>());
        HttpResponseMessage head;
        for (var i = 0; i < TruncationDetector.LearningRequests; i++)
        {
            (head, _) = await host.PostAsync("/v1/chat/completions", Ask(20 + i));
            Assert.False(head.Headers.Contains("x-holdfast-warning"));
        }

        (head, _) = await host.PostAsync("/v1/chat/completions", Ask(90));
        Assert.False(head.Headers.Contains("x-holdfast-warning"));
        (head, _) = await host.PostAsync("/v1/chat/completions", Ask(1_000));
        Assert.Equal("prompt-truncated-upstream", head.Headers.GetValues("x-holdfast-warning").Single());
        var shortening = (await host.TraceAsync(head)).GetProperty("shortenings")[0];
        Assert.Equal("ollama-a", shortening.GetProperty("where").GetString());
        Assert.InRange(shortening.GetProperty("tokens").GetInt32(), 890, 920);
        var metrics = await host.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Contains("holdfast_prompts_truncated_upstream_total{upstream=\"ollama-a\",model=\"small\"} 1", metrics, StringComparison.Ordinal);
    }

    private static string Ask(int words) =>
        $$"""{"model":"small","messages":[{"role":"user","content":"{{string.Join(' ', Enumerable.Repeat("word", words))}}"}]}""";

    private sealed class WordCounter : ITokenCounter
    {
        public TokenCount Count(string model, string text) => new(text.Count(c => c == ' ') + 1, IsExact: false);

        public TokenCount CountPrompt(string model, CallKind kind, ChatRequest request) => new(request.Messages.Sum(m => Count(model, m.Text).Tokens), IsExact: false);
    }
}
