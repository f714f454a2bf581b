namespace Holdfast.Gateway.Metrics;

/// <summary>How an instrument's observations add up.</summary>
internal enum SeriesKind
{
    /// <summary>Observations are added.</summary>
    Counter,

    /// <summary>An observation is the total so far.</summary>
    ObservedCounter,

    /// <summary>An observation is the value.</summary>
    Gauge,

    /// <summary>Observations are sorted into buckets.</summary>
    Histogram,
}
