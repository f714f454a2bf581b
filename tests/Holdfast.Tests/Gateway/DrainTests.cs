using System.Runtime.CompilerServices;
using System.Text.Json;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Tests.Gateway;

/// <summary>What a client sees of a stop: an answer that ends in time is whole, one that does not says why.</summary>
public sealed class DrainTests
{
    private static readonly string Chat = """{"model":"slow","messages":[{"role":"user","content":"hi"}],"stream":STREAM}""";

    [Fact]
    public async Task A_stream_that_outlives_the_drain_ends_with_an_error_that_says_so()
    {
        var waiting = new Waiting(saysSomething: true);
        await using var host = await GatewayHost.StartAsync(backends: [waiting.Backend], drainTime: TimeSpan.FromMilliseconds(300));
        var answer = host.StreamAsync(Chat.Replace("STREAM", "true", StringComparison.Ordinal));
        await waiting.Begun;

        await host.App.StopAsync(TestContext.Current.CancellationToken);

        var (_, frames, isDone) = await answer;
        Assert.True(isDone);
        Assert.Contains("\"content\":\"one\"", string.Concat(frames), StringComparison.Ordinal);
        var error = JsonDocument.Parse(frames[^1]).RootElement.GetProperty("error");
        Assert.Equal("server_stopping", error.GetProperty("code").GetString());
        Assert.Contains("0.3 s (drainTime)", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        await waiting.Ended;
    }

    [Theory]
    [InlineData("true", false)]
    [InlineData("false", true)]
    public async Task An_answer_that_has_no_head_yet_becomes_a_503(string stream, bool saysSomething)
    {
        var waiting = new Waiting(saysSomething);
        await using var host = await GatewayHost.StartAsync(backends: [waiting.Backend], drainTime: TimeSpan.FromMilliseconds(300));
        var answer = host.PostAsync("/v1/chat/completions", Chat.Replace("STREAM", stream, StringComparison.Ordinal));
        await waiting.Begun;

        await host.App.StopAsync(TestContext.Current.CancellationToken);

        var (head, body) = await answer;
        Assert.Equal(503, (int)head.StatusCode);
        Assert.Equal("server_stopping", body.GetProperty("error").GetProperty("code").GetString());
        Assert.NotNull(head.Headers.RetryAfter);
        await waiting.Ended;
    }

    /// <summary>A backend that says one word, or none, and waits until it is told to stop.</summary>
    private sealed class Waiting(bool saysSomething)
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ScriptedBackend Backend => new("slow", [new ServedModel("slow", ModelAbilities.Chat, 1000, "test")], (_, token) => AnswerAsync(token));

        public Task Begun => _begun.Task;

        public Task Ended => _ended.Task;

        private async IAsyncEnumerable<AnswerPart> AnswerAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            try
            {
                if (saysSomething)
                {
                    yield return new AnswerPart { Text = "one", HasContent = true };
                }

                _begun.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }
            finally
            {
                _ended.TrySetResult();
            }
        }
    }
}
