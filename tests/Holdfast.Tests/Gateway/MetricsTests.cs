using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.RegularExpressions;
using Holdfast.Gateway.Metrics;
using Microsoft.Extensions.Time.Testing;

namespace Holdfast.Tests.Gateway;

public sealed class MetricsTests
{
    [Fact]
    public void Instruments_of_any_room_are_written_with_help_type_and_escaped_labels()
    {
        using var meters = new GatewayMeters();
        using var text = new PrometheusText(meters);
        using var engine = new Meter(new MeterOptions("Holdfast.Engine") { Scope = meters });
        engine.CreateCounter<long>("vllm:prompt_tokens", "{token}", "Prompt\ntokens \\").Add(5, new KeyValuePair<string, object?>("model_name", "a\"b\\c\nd"));
        engine.CreateObservableGauge("vllm:num_requests_running", () => 3, "{request}", "Running.");
        var histogram = engine.CreateHistogram("vllm:ttft_seconds", "s", "First token.", tags: null, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [.1, 1] });
        histogram.Record(.05);
        histogram.Record(.1);
        histogram.Record(5);
        engine.CreateUpDownCounter<int>("vllm:open").Add(-2);

        var page = text.Write();
        Assert.Contains("# HELP vllm:prompt_tokens_total Prompt\\ntokens \\\\\n# TYPE vllm:prompt_tokens_total counter\nvllm:prompt_tokens_total{model_name=\"a\\\"b\\\\c\\nd\"} 5\n", page, StringComparison.Ordinal);
        Assert.Contains("# TYPE vllm:num_requests_running gauge\nvllm:num_requests_running 3\n", page, StringComparison.Ordinal);
        Assert.Contains("vllm:ttft_seconds_bucket{le=\"0.1\"} 2\nvllm:ttft_seconds_bucket{le=\"1\"} 2\nvllm:ttft_seconds_bucket{le=\"+Inf\"} 3\nvllm:ttft_seconds_sum 5.15\nvllm:ttft_seconds_count 3\n", page, StringComparison.Ordinal);
        Assert.Contains("# TYPE vllm:open gauge\nvllm:open -2\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public void An_invented_label_cannot_grow_the_page()
    {
        using var meters = new GatewayMeters();
        using var text = new PrometheusText(meters);
        for (var i = 0; i < SeriesTable.SeriesMax * 3; i++)
        {
            meters.Refusals.Add(1, new KeyValuePair<string, object?>("reason", "r" + i));
        }

        var lines = text.Write().Split('\n').Where(l => l.StartsWith("holdfast_refusals_total{", StringComparison.Ordinal)).ToList();
        Assert.Equal(SeriesTable.SeriesMax + 1, lines.Count);
        Assert.Contains($"holdfast_refusals_total{{overflow=\"true\"}} {SeriesTable.SeriesMax * 2}", lines);
    }

    [Fact]
    public async Task The_page_is_well_formed_and_tells_what_happened()
    {
        await using var host = await GatewayHost.StartAsync(backends: [ScriptedBackend.Hello()]);
        await host.PostAsync("/v1/chat/completions", """{"model":"small","messages":[{"role":"user","content":"x"}]}""");
        var page = await host.MetricsAsync("holdfast_ttft_seconds_count{model=\"small\"} 1");
        foreach (var line in page.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.Matches(new Regex("""^(# (HELP|TYPE) [a-zA-Z_:][a-zA-Z0-9_:]* .*|[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_]\w*="([^"\\\n]|\\["\\n])*",?)+\})? [-+0-9.eEInf]+)$""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture), line);
        }

        Assert.Contains("holdfast_requests_total{route=\"/v1/*\",model=\"small\",status=\"200\"} 1", page, StringComparison.Ordinal);
        Assert.Contains("holdfast_tokens_total{kind=\"completion\",model=\"small\",source=\"counted\"} 2", page, StringComparison.Ordinal);
        Assert.Matches(new Regex("process_resident_memory_bytes [1-9]", RegexOptions.NonBacktracking), page);
        Assert.InRange(long.Parse(page.Split('\n').Single(line => line.StartsWith("process_threads ", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture), ThreadPool.ThreadCount + 1, 10_000);
    }

    [Fact]
    public void Traffic_is_kept_in_steps_with_the_quiet_ones_and_no_longer_than_a_quarter_of_an_hour()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        var history = new TrafficHistory(clock);
        history.Add(200, false, TimeSpan.FromMilliseconds(100));
        history.Add(200, true, TimeSpan.FromMilliseconds(300));
        history.Add(503, false, null);
        history.Add(502, false, null);
        clock.Advance(TimeSpan.FromSeconds(30));
        history.Add(200, false, null);
        var steps = history.Take();
        Assert.Equal(4, steps.Count);
        Assert.Equal((1, 1, 2), (steps[0].Answered, steps[0].Refused, steps[0].Failed));
        Assert.Equal(300, steps[0].TtftP95Milliseconds);
        Assert.Equal((0, 0, 0), (steps[1].Answered, steps[1].Refused, steps[1].Failed));
        clock.Advance(TimeSpan.FromDays(300));
        Assert.Equal(90, history.Take().Count);
        Assert.Equal(0, history.Take().Sum(s => s.Answered));
    }
}
