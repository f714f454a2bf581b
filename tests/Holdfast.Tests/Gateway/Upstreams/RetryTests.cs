using Holdfast.Tests.Fakes;
using Holdfast.Traffic.Retrying;

namespace Holdfast.Tests.Gateway.Upstreams;

public sealed class RetryTests
{
    private static readonly RetryOptions AtOnce = new() { DelayFirst = TimeSpan.Zero, DelayMax = TimeSpan.Zero };

    [Fact]
    public async Task A_refused_connection_goes_to_the_other_replica_and_the_trace_says_why()
    {
        await using var fake = FakeVllm.Start();
        await using var pool = new PoolUnderTest([$"http://127.0.0.1:{FakeVllm.ClosedPort()}", fake.Url], retry: AtOnce);
        var answered = await AskUntilBothWereTriedAsync(pool);
        Assert.Null(answered.Fault);
        Assert.Equal("the upstream refused the connection", pool.Attempts[^1].Reason);
        Assert.Equal(fake.Url + "/v1/chat/completions", pool.Attempts[^1].Url);
    }

    [Theory]
    [InlineData(503, """{"error":{"message":"Loading model","type":"unavailable_error","code":503}}""", "Loading model")]
    [InlineData(429, """{"error":{"message":"full","type":"RateLimitError","param":null,"code":429}}""", "full")]
    public async Task A_replica_that_does_not_take_it_hands_over_to_the_other_at_once(int status, string body, string reason)
    {
        await using var full = FakeVllm.Start();
        await using var free = FakeVllm.Start();
        full.Script = _ => FakeScript.Answer(status, body, "Content-Type: application/json\r\nRetry-After: 60\r\n");
        await using var pool = new PoolUnderTest([full.Url, free.Url], retry: AtOnce);
        var answered = await AskUntilBothWereTriedAsync(pool);
        Assert.Null(answered.Fault);
        Assert.Equal(reason, pool.Attempts[^1].Reason);
    }

    [Theory]
    [InlineData(FakeFault.CloseBeforeHead)]
    [InlineData(FakeFault.ErrorFrameFirst)]
    public async Task A_request_that_a_replica_held_when_it_died_is_replayed_once_in_all(FakeFault fault)
    {
        FakeVllm[] fakes = [FakeVllm.Start(), FakeVllm.Start(), FakeVllm.Start()];
        await using var pool = new PoolUnderTest([.. fakes.Select(fake => fake.Url)], retry: AtOnce with { AttemptsMax = 10 });
        pool.Budget.CountRequest();
        foreach (var fake in fakes)
        {
            fake.Script = _ => FakeScript.With(fault);
        }

        var answered = await pool.StreamAsync();
        Assert.NotNull(answered.Fault);
        Assert.Equal(2, pool.Attempts.Count);
        foreach (var fake in fakes)
        {
            await fake.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(400, """{"error":{"message":"no","type":"Bad Request","param":null,"code":400}}""", 400)]
    [InlineData(404, """{"detail":"Not Found"}""", 404)]
    [InlineData(500, """{"error":{"code":500,"message":"[json.exception.parse_error.101] parse error","type":"server_error"}}""", 400)]
    [InlineData(500, """{"error":{"code":500,"message":"image input is not supported - hint","type":"server_error"}}""", 400)]
    [InlineData(501, """{"error":{"code":501,"message":"off","type":"not_supported_error"}}""", 501)]
    public async Task The_callers_fault_is_never_tried_again(int status, string body, int seen)
    {
        await using var one = FakeVllm.Start();
        await using var other = FakeVllm.Start();
        one.Script = other.Script = _ => FakeScript.Answer(status, body);
        await using var pool = new PoolUnderTest([one.Url, other.Url], retry: AtOnce);
        Assert.Equal(seen, (await pool.WholeAsync()).FaultSure.Status);
        Assert.Single(pool.Attempts);
    }

    [Fact]
    public async Task With_every_replica_down_attempts_stay_within_a_tenth_of_the_requests()
    {
        await using var pool = new PoolUnderTest([$"http://127.0.0.1:{FakeVllm.ClosedPort()}", $"http://127.0.0.1:{FakeVllm.ClosedPort()}"], retry: AtOnce);
        for (var i = 0; i < 100; i++)
        {
            Assert.NotNull((await pool.WholeAsync()).Fault);
        }

        Assert.InRange(pool.Attempts.Count, 101, 111);
    }

    [Fact]
    public async Task A_kept_connection_that_the_server_closed_is_replaced_without_a_fault()
    {
        // llama.cpp's head promises keep-alive, and it closes after each stream.
        await using var fake = FakeVllm.Start(FakeFace.Llama);
        await using var pool = new PoolUnderTest(fake);
        for (var i = 0; i < 20; i++)
        {
            Assert.Null((await pool.StreamAsync()).Fault);
        }
    }

    [Fact]
    public async Task Frames_before_the_first_content_of_a_failed_attempt_are_not_seen()
    {
        await using var dying = FakeVllm.Start();
        await using var well = FakeVllm.Start();
        dying.Script = _ => FakeScript.With(FakeFault.CutFrame) with { Pieces = 0 };
        var deaths = 0;
        dying.Script = _ =>
        {
            deaths++;
            return FakeScript.With(FakeFault.CleanEndWithoutFinish) with { Pieces = 0 };
        };
        await using var pool = new PoolUnderTest([dying.Url, well.Url], retry: AtOnce);
        while (deaths == 0)
        {
            var answered = await pool.StreamAsync();
            Assert.Null(answered.Fault);
            Assert.Single(answered.Parts, part => part.Raw.Span.IndexOf("\"role\""u8) >= 0);
        }
    }

    private static async Task<Answered> AskUntilBothWereTriedAsync(PoolUnderTest pool)
    {
        while (true)
        {
            pool.Attempts.Clear();
            var answered = await pool.StreamAsync();
            if (pool.Attempts.Count > 1)
            {
                return answered;
            }
        }
    }
}
