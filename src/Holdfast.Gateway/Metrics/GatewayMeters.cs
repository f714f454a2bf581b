using System.Diagnostics.Metrics;

namespace Holdfast.Gateway.Metrics;

/// <summary>
/// The gateway's instruments. Names are those of the Prometheus text without the <c>_total</c> that its writer adds to counters, so
/// that another exporter can follow. Labels hold routes, models and reasons; never a key, a user or a request.
/// </summary>
internal sealed class GatewayMeters : IDisposable
{
    /// <summary>The prefix of the meters that the text shows: every room names its meter so.</summary>
    public const string MeterPrefix = "Holdfast.";

    private static readonly double[] SecondsBuckets = [.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120];
    private static readonly double[] StageBuckets = [.00001, .0001, .001, .01, .1, 1, 10];
    private readonly Meter _meter;

    public GatewayMeters()
    {
        // The scope keeps two services in one process apart.
        _meter = new Meter(new MeterOptions(MeterPrefix + "Gateway") { Scope = this });
        Requests = _meter.CreateCounter<long>("holdfast_requests", "{request}", "Requests that ended, by route, model and status.");
        Refusals = _meter.CreateCounter<long>("holdfast_refusals", "{request}", "Requests that were refused, by reason.");
        HttpRejects = _meter.CreateCounter<long>("holdfast_http_rejects", "{request}", "Requests that the HTTP server refused before the gateway saw them.");
        ClientsGone = _meter.CreateCounter<long>("holdfast_clients_gone", "{request}", "Requests whose client left before the end.");
        StreamFaults = _meter.CreateCounter<long>("holdfast_stream_faults", "{stream}", "Streams that ended with an error frame after content.");
        Tokens = _meter.CreateCounter<long>("holdfast_tokens", "{token}", "Tokens, by kind (prompt, completion), model and source.");
        PromptsTruncated = _meter.CreateCounter<long>("holdfast_prompts_truncated_upstream", "{prompt}", "Prompts that an upstream cut and answered all the same.");
        Ttft = Seconds("holdfast_ttft_seconds", "Time to the first content.", SecondsBuckets);
        RequestSeconds = Seconds("holdfast_request_seconds", "Time of a whole request.", SecondsBuckets);
        StageSeconds = Seconds("holdfast_stage_seconds", "Time of one stage.", StageBuckets);
        RecordsDropped = _meter.CreateCounter<long>("holdfast_records_dropped", "{trace}", "Traces whose content was dropped because the disk was too slow.");
        RowsLost = _meter.CreateCounter<long>("holdfast_record_rows_lost", "{row}", "Rows lost because the disk refused for too long.");
    }

    public Counter<long> Requests { get; }

    public Counter<long> Refusals { get; }

    public Counter<long> HttpRejects { get; }

    public Counter<long> ClientsGone { get; }

    public Counter<long> StreamFaults { get; }

    public Counter<long> Tokens { get; }

    public Counter<long> PromptsTruncated { get; }

    public Histogram<double> Ttft { get; }

    public Histogram<double> RequestSeconds { get; }

    public Histogram<double> StageSeconds { get; }

    public Counter<long> RecordsDropped { get; }

    public Counter<long> RowsLost { get; }

    public void Watch(string name, string unit, string description, Func<long> read) =>
        _meter.CreateObservableGauge(name, read, unit, description);

    public void Dispose() => _meter.Dispose();

    private Histogram<double> Seconds(string name, string description, double[] buckets) =>
        _meter.CreateHistogram(name, "s", description, tags: null, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = buckets });
}
