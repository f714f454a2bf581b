using System.Diagnostics.Metrics;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Kernels;

namespace Holdfast.Engine.Serving;

/// <summary>
/// The engine's instruments, under the names that vLLM's dashboards read. They are the final Prometheus names: counters end in
/// <c>_total</c> already.
/// </summary>
public sealed class EngineMetrics : IDisposable
{
    public const string MeterName = "Holdfast.Engine";

    private readonly Meter _meter = new(MeterName);
    private readonly KeyValuePair<string, object?> _model;
    private readonly Counter<long> _promptTokens;
    private readonly Counter<long> _generationTokens;
    private readonly Counter<long> _successes;
    private readonly Histogram<double> _firstToken;
    private readonly Histogram<double> _tokenTime;
    private readonly Histogram<double> _requestTime;

    internal EngineMetrics(string model, KernelSet kernels, Func<EngineLoad> load)
    {
        _model = new("model_name", model);
        var chosen = kernels.Choices.SelectMany(c => Chosen(c.Key, c.Value)).ToArray();
        _meter.CreateObservableGauge("holdfast_engine_kernel_info", () => chosen, description: "1 for the family of kernels that multiplies a tensor type, for one token, for a few (many) and for a long run.");
        _meter.CreateObservableGauge("vllm:num_requests_running", () => Of(load().Running), description: "Sequences that are computed.");
        _meter.CreateObservableGauge("vllm:num_requests_waiting", () => Of(load().Waiting), description: "Sequences that wait for admission.");
        _meter.CreateObservableGauge("vllm:kv_cache_usage_perc", () => Of(load().KvUse), description: "Share of the KV blocks that sequences hold, 0 to 1.");
        _meter.CreateObservableCounter("vllm:prefix_cache_queries_total", () => Of(load().CacheQueries), description: "Prompt tokens looked for in the prefix cache.");
        _meter.CreateObservableCounter("vllm:prefix_cache_hits_total", () => Of(load().CacheHits), description: "Prompt tokens found there; recomputed ones do not count.");
        _meter.CreateObservableCounter("vllm:num_preemptions_total", () => Of(load().Preemptions), description: "Sequences that gave up their blocks and were computed again.");
        _promptTokens = _meter.CreateCounter<long>("vllm:prompt_tokens_total", description: "Tokens of the prompts that were computed, each counted with its first answer token.");
        _generationTokens = _meter.CreateCounter<long>("vllm:generation_tokens_total", description: "Tokens generated.");
        _successes = _meter.CreateCounter<long>("vllm:request_success_total", description: "Choices that ended, by reason.");
        _firstToken = Histogram("vllm:time_to_first_token_seconds", "From the call to its first token.", [.001, .005, .01, .02, .04, .06, .08, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160]);
        _tokenTime = Histogram("vllm:time_per_output_token_seconds", "Between two tokens of a choice.", [.005, .01, .025, .05, .075, .1, .15, .2, .3, .4, .5, .75, 1, 2.5, 5, 10]);
        _requestTime = Histogram("vllm:e2e_request_latency_seconds", "From the call to its end.", [.3, .5, .8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480]);

        // Zero is a value: a dashboard needs the series before the first request.
        _promptTokens.Add(0, _model);
        _generationTokens.Add(0, _model);
    }

    public void Dispose() => _meter.Dispose();

    internal void Prompt(int promptTokens) => _promptTokens.Add(promptTokens, _model);

    internal void Token(TimeSpan? sinceCall, TimeSpan? sinceLast)
    {
        _generationTokens.Add(1, _model);
        if (sinceCall is { } first)
        {
            _firstToken.Record(first.TotalSeconds, _model);
        }

        if (sinceLast is { } between)
        {
            _tokenTime.Record(between.TotalSeconds, _model);
        }
    }

    internal void Ended(TimeSpan sinceCall, string reason)
    {
        _successes.Add(1, _model, new KeyValuePair<string, object?>("finished_reason", reason));
        _requestTime.Record(sinceCall.TotalSeconds, _model);
    }

    private IEnumerable<Measurement<int>> Chosen(TensorType type, KernelChoice choice)
    {
        Measurement<int> Info(string phase, KernelTier tier) => new(
            1, _model, new KeyValuePair<string, object?>("type", $"{type}"), new KeyValuePair<string, object?>("phase", phase), new KeyValuePair<string, object?>("tier", $"{tier}"));
        return [Info("one", choice.One), Info("many", choice.Many), Info("long", choice.Long ?? choice.Many)];
    }

    private Measurement<T> Of<T>(T value)
        where T : struct => new(value, _model);

    private Histogram<double> Histogram(string name, string description, double[] bounds) =>
        _meter.CreateHistogram(name, "s", description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });
}
