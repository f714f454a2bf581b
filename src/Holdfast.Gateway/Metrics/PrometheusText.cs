using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Holdfast.Gateway.Metrics;

/// <summary>
/// Collects the instruments of all rooms (their meters are named <c>Holdfast.*</c>) and writes them as Prometheus text. Instrument names
/// are metric names already, <c>vllm:…</c> included; a counter gets its <c>_total</c> here.
/// </summary>
internal sealed class PrometheusText : IDisposable
{
    private static readonly double[] BucketsByDefault = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10];
    private readonly ConcurrentDictionary<Instrument, SeriesTable> _tables = new();
    private readonly MeterListener _listener = new();
    private readonly GatewayMeters _scope;

    public PrometheusText(GatewayMeters scope)
    {
        _scope = scope;
        _listener.InstrumentPublished = Publish;
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, table) => ((SeriesTable)table!).Observe(value, tags));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, table) => ((SeriesTable)table!).Observe(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, table) => ((SeriesTable)table!).Observe(value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, table) => ((SeriesTable)table!).Observe(value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, table) => ((SeriesTable)table!).Observe(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, table) => ((SeriesTable)table!).Observe(value, tags));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, table) => ((SeriesTable)table!).Observe((double)value, tags));
        _listener.Start();
    }

    public string Write()
    {
        _listener.RecordObservableInstruments();
        var text = new StringBuilder(8 << 10);
        foreach (var table in _tables.Values.OrderBy(t => t.Instrument.Name, StringComparer.Ordinal))
        {
            WriteTable(text, table);
        }

        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private void Publish(Instrument instrument, MeterListener listener)
    {
        var meter = instrument.Meter;
        if (!meter.Name.StartsWith(GatewayMeters.MeterPrefix, StringComparison.Ordinal) || (meter.Scope is not null && !ReferenceEquals(meter.Scope, _scope)))
        {
            return;
        }

        var kind = KindOf(instrument);
        var bounds = kind == SeriesKind.Histogram ? BoundsOf(instrument) : [];
        var table = _tables.GetOrAdd(instrument, static (i, made) => new SeriesTable(i, made.kind, made.bounds), (kind, bounds));
        listener.EnableMeasurementEvents(instrument, table);
    }

    private static SeriesKind KindOf(Instrument instrument)
    {
        var type = instrument.GetType().Name;
        return type.StartsWith("Histogram", StringComparison.Ordinal) ? SeriesKind.Histogram
            : type.StartsWith("ObservableCounter", StringComparison.Ordinal) ? SeriesKind.ObservedCounter
            : type.StartsWith("Counter", StringComparison.Ordinal) || type.StartsWith("UpDownCounter", StringComparison.Ordinal) ? SeriesKind.Counter
            : SeriesKind.Gauge;
    }

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { Count: > 0 } bounds } => [.. bounds],
        Histogram<float> { Advice.HistogramBucketBoundaries: { Count: > 0 } bounds } => [.. bounds],
        Histogram<long> { Advice.HistogramBucketBoundaries: { Count: > 0 } bounds } => [.. bounds],
        Histogram<int> { Advice.HistogramBucketBoundaries: { Count: > 0 } bounds } => [.. bounds],
        _ => BucketsByDefault,
    };

    private static void WriteTable(StringBuilder text, SeriesTable table)
    {
        var isUpDown = table.Instrument.GetType().Name.Contains("UpDown", StringComparison.Ordinal);
        var isCounter = table.Kind is SeriesKind.Counter or SeriesKind.ObservedCounter && !isUpDown;
        var name = NameOf(table.Instrument.Name);
        if (isCounter && !name.EndsWith("_total", StringComparison.Ordinal))
        {
            name += "_total";
        }

        var type = table.Kind == SeriesKind.Histogram ? "histogram" : isCounter ? "counter" : "gauge";
        text.Append("# HELP ").Append(name).Append(' ').Append(HelpOf(table.Instrument.Description)).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        table.Read(series =>
        {
            if (table.Kind == SeriesKind.Histogram)
            {
                WriteHistogram(text, name, table.Bounds, series);
            }
            else
            {
                Line(text, name, series.Labels, series.Value);
            }
        });
    }

    private static void WriteHistogram(StringBuilder text, string name, double[] bounds, Series series)
    {
        var count = 0L;
        for (var i = 0; i <= bounds.Length; i++)
        {
            count += series.Buckets[i];
            var bound = i < bounds.Length ? Number(bounds[i]) : "+Inf";
            var le = $"le=\"{bound}\"";
            Line(text, name + "_bucket", series.Labels.Length == 0 ? le : series.Labels + "," + le, count);
        }

        Line(text, name + "_sum", series.Labels, series.Value);
        Line(text, name + "_count", series.Labels, count);
    }

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string NameOf(string name) =>
        string.Create(name.Length, name, static (span, from) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsAsciiLetterOrDigit(from[i]) || from[i] is '_' or ':' ? from[i] : '_';
            }
        });

    private static string HelpOf(string? help) =>
        (help ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
