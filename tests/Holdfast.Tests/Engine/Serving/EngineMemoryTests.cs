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

    private const int RoundsMax = 10;

    [Fact]
    public async Task The_owner_of_the_model_allocates_little_for_each_token()
    {
        var clock = new AllocationClock();
        using var backend = EngineBackend.Load(SharedFolder.Need(ModelPath), new EngineOptions { KvMiB = 64 }, gate: null, clock);
        var least = double.MaxValue;
        for (var round = 0; round < RoundsMax && least > ManagedBytesPerTokenMax; round++)
        {
            // Code that is not yet compiled well allocates more, and when that happens is the runtime's affair.
            clock.Restart();
            var tokens = await Generate(backend);
            Assert.True(tokens >= 100, $"{tokens} tokens are too few to tell");
            least = Math.Min(least, (double)clock.AllocatedBytes / tokens);
        }

        Assert.InRange(least, 1, ManagedBytesPerTokenMax);
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
