using System.Diagnostics.Metrics;

namespace Holdfast.Gateway.Metrics;

/// <summary>
/// The series of one instrument. The number of label sets is bounded: past the bound new ones count together under
/// <c>overflow="true"</c>, so that an invented model name cannot grow the page. Cost of an observation: one hash over the labels,
/// one lock. Guarded by <c>_gate</c>.
/// </summary>
internal sealed class SeriesTable(Instrument instrument, SeriesKind kind, double[] bounds)
{
    public const int SeriesMax = 500;

    private static readonly KeyValuePair<string, object?>[] Overflow = [new("overflow", "true")];
    private readonly Lock _gate = new();
    private readonly Dictionary<int, List<Series>> _byHash = [];
    private int _count;

    public Instrument Instrument { get; } = instrument;

    public SeriesKind Kind { get; } = kind;

    public double[] Bounds { get; } = bounds;

    public void Observe(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_gate)
        {
            var series = FindLocked(tags);
            series.Count++;
            switch (Kind)
            {
                case SeriesKind.Counter:
                    series.Value += value;
                    break;
                case SeriesKind.Histogram:
                    series.Value += value;
                    series.Buckets[BucketOf(value)]++;
                    break;
                default:
                    series.Value = value;
                    break;
            }
        }
    }

    /// <summary>Reads all series in order of their labels, under the lock.</summary>
    public void Read(Action<Series> read)
    {
        lock (_gate)
        {
            foreach (var series in _byHash.Values.SelectMany(s => s).OrderBy(s => s.Labels, StringComparer.Ordinal))
            {
                read(series);
            }
        }
    }

    private int BucketOf(double value)
    {
        var at = Array.BinarySearch(Bounds, value);
        return at >= 0 ? at : ~at;
    }

    private Series FindLocked(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = HashOf(tags);
        if (!_byHash.TryGetValue(hash, out var list))
        {
            list = [];
            if (_count < SeriesMax)
            {
                _byHash[hash] = list;
            }
        }

        foreach (var series in list)
        {
            if (AreSame(series.Tags, tags))
            {
                return series;
            }
        }

        if (_count >= SeriesMax && !AreSame(Overflow, tags))
        {
            return FindOverflowLocked();
        }

        var made = new Series(tags.ToArray(), LabelText.Of(tags), Kind == SeriesKind.Histogram ? Bounds.Length + 1 : 0);
        list.Add(made);
        _count++;
        return made;
    }

    private Series FindOverflowLocked()
    {
        var hash = HashOf(Overflow);
        if (!_byHash.TryGetValue(hash, out var list))
        {
            list = [new Series(Overflow, LabelText.Of(Overflow), Kind == SeriesKind.Histogram ? Bounds.Length + 1 : 0)];
            _byHash[hash] = list;
        }

        return list[0];
    }

    private static int HashOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = default(HashCode);
        foreach (var tag in tags)
        {
            hash.Add(tag.Value);
        }

        return hash.ToHashCode();
    }

    private static bool AreSame(KeyValuePair<string, object?>[] left, ReadOnlySpan<KeyValuePair<string, object?>> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        for (var i = 0; i < left.Length; i++)
        {
            if (left[i].Key != right[i].Key || !Equals(left[i].Value, right[i].Value))
            {
                return false;
            }
        }

        return true;
    }
}
