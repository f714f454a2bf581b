using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Serving;

namespace Holdfast.Tests.Engine.Serving;

/// <summary>What serving the real small model takes beside its weights and its pool.</summary>
public sealed class EngineMemoryTests
{
    private const string ModelPath = "models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf";

    /// <summary>More than this for each token would wake the collector under load.</summary>
    private const double ManagedBytesPerTokenMax = 200;

    [Fact]
    public async Task The_owner_of_the_model_allocates_little_for_each_token()
    {
        var clock = new AllocationClock();
        using var backend = EngineBackend.Load(SharedFolder.Need(ModelPath), new EngineOptions { KvMiB = 64 }, gate: null, clock);
        await Generate(backend);
        clock.Restart();
        var tokens = await Generate(backend);
        TestContext.Current.SendDiagnosticMessage($"{(double)clock.AllocatedBytes / tokens:f0} bytes for each of {tokens} tokens");
        Assert.True(tokens >= 100, $"{tokens} tokens are too few to tell");
        Assert.InRange((double)clock.AllocatedBytes / tokens, 1, ManagedBytesPerTokenMax);
    }

    private static async Task<int> Generate(EngineBackend backend)
    {
        const string wish = "Tell me a long story about a ship, a storm and an island.";
        var request = new ChatRequest
        {
            Messages = [new ChatMessage { Role = "user", Text = wish, Raw = JsonSerializer.SerializeToElement(new { role = "user", content = wish }) }],
            Temperature = 0,
            MaxTokens = 200,
        };
        var call = new AnswerCall { RequestId = "request", Kind = CallKind.Chat, Model = "smollm2", Request = request, Body = default };
        var tokens = 0;
        await foreach (var part in backend.AnswerAsync(call, TestContext.Current.CancellationToken))
        {
            tokens = part.Usage?.CompletionTokens ?? tokens;
        }

        return tokens;
    }

    /// <summary>The owner looks at the clock for each token: the place to see what its thread has allocated.</summary>
    private sealed class AllocationClock : TimeProvider
    {
        private long _first = -1;
        private long _last;

        /// <summary>Between the owner's first and last look.</summary>
        public long AllocatedBytes => Volatile.Read(ref _last) - Volatile.Read(ref _first);

        public void Restart() => Volatile.Write(ref _first, -1);

        public override long GetTimestamp()
        {
            if (Thread.CurrentThread.Name == "engine")
            {
                Volatile.Write(ref _last, GC.GetAllocatedBytesForCurrentThread());
                Interlocked.CompareExchange(ref _first, Volatile.Read(ref _last), -1);
            }

            return base.GetTimestamp();
        }
    }
}
