using Holdfast.Abstractions.Status;

namespace Holdfast.Gateway.Metrics;

/// <summary>The last quarter of an hour of requests in steps of ten seconds, for the overview. Guarded by <c>_gate</c>.</summary>
internal sealed class TrafficHistory(TimeProvider clock)
{
    private const int Steps = 90;

    /// <summary>Times to first content kept per step; past it the percentiles come from the first ones.</summary>
    private const int SamplesMax = 1_000;

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private readonly Queue<Counts> _steps = new();
    private Counts? _last;

    public void Add(int status, bool isCutShort, TimeSpan? ttft)
    {
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            var step = CurrentLocked(now);
            if (isCutShort || (status >= 500 && status != 503))
            {
                step.Failed++;
            }
            else if (status >= 400)
            {
                step.Refused++;
            }
            else
            {
                step.Answered++;
            }

            if (ttft is { } time && step.Ttfts.Count < SamplesMax)
            {
                step.Ttfts.Add(time.TotalMilliseconds);
            }
        }
    }

    public IReadOnlyList<TrafficStep> Take()
    {
        lock (_gate)
        {
            CurrentLocked(clock.GetUtcNow());
            return [.. _steps.Select(Of)];
        }
    }

    private Counts CurrentLocked(DateTimeOffset now)
    {
        var at = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % Step.Ticks), TimeSpan.Zero);
        if (_last is not null && _last.At >= at)
        {
            return _last;
        }

        var oldest = at - (Step * (Steps - 1));
        while (_steps.Count > 0 && _steps.Peek().At < oldest)
        {
            _steps.Dequeue();
        }

        // Quiet steps are steps too: a chart without them would draw a line through the silence.
        var next = _last is null ? at : _last.At + Step;
        for (var quiet = next < oldest ? oldest : next; quiet <= at; quiet += Step)
        {
            _steps.Enqueue(_last = new Counts(quiet));
        }

        return _last!;
    }

    private static TrafficStep Of(Counts counts)
    {
        var sorted = counts.Ttfts.Order().ToArray();
        return new TrafficStep(counts.At, counts.Answered, counts.Refused, counts.Failed, At(sorted, .5), At(sorted, .95));
    }

    private static double? At(double[] sorted, double share) =>
        sorted.Length == 0 ? null : sorted[(int)Math.Ceiling((sorted.Length - 1) * share)];

    private sealed class Counts(DateTimeOffset at)
    {
        public DateTimeOffset At { get; } = at;

        public int Answered { get; set; }

        public int Refused { get; set; }

        public int Failed { get; set; }

        public List<double> Ttfts { get; } = [];
    }
}
