namespace Holdfast.Gateway.Metrics;

/// <summary>One set of labels of an instrument with its value. Guarded by its table's lock.</summary>
internal sealed class Series(KeyValuePair<string, object?>[] tags, string labels, int buckets)
{
    public KeyValuePair<string, object?>[] Tags { get; } = tags;

    /// <summary>The labels as text, without braces.</summary>
    public string Labels { get; } = labels;

    /// <summary>Sum of a counter or histogram, last value of a gauge.</summary>
    public double Value { get; set; }

    public long Count { get; set; }

    /// <summary>Observations per bucket, not cumulated; the last is the one without a bound.</summary>
    public long[] Buckets { get; } = buckets == 0 ? [] : new long[buckets];
}
