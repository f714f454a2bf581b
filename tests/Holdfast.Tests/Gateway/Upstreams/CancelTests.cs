using System.Diagnostics;
using Holdfast.Abstractions.Answering;
using Holdfast.Tests.Fakes;

namespace Holdfast.Tests.Gateway.Upstreams;

/// <summary>
/// A client that leaves must reach the upstream, whatever the call was waiting for: 20 of 20 in each state. How fast is a figure of
/// the relay benchmark; here the bound is only there to end a test that fails.
/// </summary>
public sealed class CancelTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    public static TheoryData<string, FakeFault, bool> States => new()
    {
        { "queued: the head came, no content", FakeFault.StallAfterHead, true },
        { "before the first byte", FakeFault.StallBeforeHead, true },
        { "in mid-stream", FakeFault.Stall, true },
        { "an answer that does not stream", FakeFault.StallBeforeHead, false },
        { "the body of an answer that does not stream", FakeFault.Stall, false },
    };

    [Theory]
    [MemberData(nameof(States))]
    public async Task Twenty_of_twenty_clients_that_leave_reach_the_upstream(string state, FakeFault fault, bool isStream)
    {
        await using var fake = FakeVllm.Start();
        fake.Script = _ => FakeScript.With(fault);
        await using var pool = new PoolUnderTest(fake);
        var delays = new List<double>();
        for (var i = 0; i < 20; i++)
        {
            using var client = new CancellationTokenSource();
            var isInContent = new TaskCompletionSource();
            var asking = ReadAsync(pool, isStream, isInContent, client.Token);
            var request = await fake.NextAsync(TestContext.Current.CancellationToken);
            if (fault == FakeFault.Stall && isStream)
            {
                await isInContent.Task.WaitAsync(Bound, TestContext.Current.CancellationToken);
            }

            var left = Stopwatch.GetTimestamp();
            await client.CancelAsync();
            var seen = await request.Aborted.WaitAsync(Bound, TestContext.Current.CancellationToken);
            delays.Add(Stopwatch.GetElapsedTime(left, seen).TotalMilliseconds);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        }

        output.WriteLine($"{state}: {delays.Count} of 20, the slowest after {delays.Max():0.0} ms");
        Assert.Equal(0, pool.Pool.States[0].InFlight);
    }

    [Fact]
    public async Task A_consumer_that_stops_reading_closes_the_upstream_too()
    {
        await using var fake = FakeVllm.Start();
        var gate = new TaskCompletionSource();
        fake.Script = _ => new FakeScript { BeforeHalf = gate.Task };
        await using var pool = new PoolUnderTest(fake);
        await foreach (var part in pool.Pool.AnswerAsync(pool.Call(isStream: true), TestContext.Current.CancellationToken))
        {
            if (part.HasContent)
            {
                break;
            }
        }

        var request = await fake.NextAsync(TestContext.Current.CancellationToken);
        await request.Aborted.WaitAsync(Bound, TestContext.Current.CancellationToken);
        Assert.Equal(0, pool.Pool.States[0].InFlight);
    }

    private static async Task ReadAsync(PoolUnderTest pool, bool isStream, TaskCompletionSource isInContent, CancellationToken cancellationToken)
    {
        await foreach (AnswerPart part in pool.Pool.AnswerAsync(pool.Call(isStream), cancellationToken))
        {
            if (part.HasContent)
            {
                isInContent.TrySetResult();
            }
        }
    }
}
