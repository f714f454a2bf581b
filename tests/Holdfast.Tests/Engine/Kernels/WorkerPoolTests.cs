using Holdfast.Engine.Kernels;

namespace Holdfast.Tests.Engine.Kernels;

public sealed class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Every_chunk_of_every_job_runs_once_together_and_alone(int threads)
    {
        using var pool = new WorkerPool(threads, new JumpingClock());
        var random = new Random(1);
        var runs = new int[40];
        for (var job = 0; job < 3_000; job++)
        {
            Array.Clear(runs);
            var chunks = random.Next(runs.Length + 1);
            pool.Run(chunks, (chunk, worker) =>
            {
                Interlocked.Increment(ref runs[chunk]);
                Assert.InRange(worker, 0, threads - 1);
                Thread.SpinWait(20);
            });
            Assert.All(runs[..chunks], r => Assert.Equal(1, r));
            Assert.All(runs[chunks..], r => Assert.Equal(0, r));
        }
    }

    /// <summary>Steps of between nothing and ten milliseconds: the rule changes its mind again and again.</summary>
    private sealed class JumpingClock : TimeProvider
    {
        private readonly Random _random = new(7);
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks += _random.Next((int)TimeSpan.TicksPerMillisecond * 10);
    }
}
