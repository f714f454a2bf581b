using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Recording;
using Holdfast.Abstractions.Status;
using Holdfast.Gateway.Status;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Tests.Gateway;

public sealed class StatusTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_asks_through_the_same_pipeline_and_its_question_is_recorded()
    {
        await using var host = await GatewayHost.StartAsync(backends: [ScriptedBackend.Says("small", new AnswerPart { Text = "Press it [1].", HasContent = true }, new AnswerPart { FinishReason = "stop" })], retriever: new ListedRetriever(ListedRetriever.Restart));
        var ask = host.Services.GetRequiredService<IAsk>();
        var outcome = await ask.AskAsync("How do I \"restart\" the pump?", null, "up", Token);
        Assert.Null(outcome.Fault);
        Assert.Equal(("small@handbook", "scripted", "Press it [1]."), (outcome.Model, outcome.AnsweredBy, outcome.Text));
        Assert.Equal(1, outcome.PassagesFound);
        Assert.Equal(12, outcome.Citations.Single().AnswerEnd);
        var trace = await host.Services.GetRequiredService<ITraceReader>().FindAsync(outcome.RequestId, Token);
        Assert.Equal(("up", 200), (trace!.Key, trace.Status));

        outcome = await ask.AskAsync("x", "none", "up", Token);
        Assert.Equal(404, outcome.Fault!.Status);
        Assert.Equal(404, (await host.Services.GetRequiredService<ITraceReader>().FindAsync(outcome.RequestId, Token))!.Status);
    }

    [Fact]
    public async Task Readiness_says_why_not_and_the_snapshot_holds_the_bounds()
    {
        await using var host = await GatewayHost.StartAsync(backends: [ScriptedBackend.Hello()]);
        var readiness = host.Services.GetRequiredService<Readiness>();
        readiness.MarkNotReady("reading");
        using var stranger = host.Client(null);
        using var not = await stranger.GetAsync("/readyz", Token);
        Assert.Equal((503, "reading\n"), ((int)not.StatusCode, await not.Content.ReadAsStringAsync(Token)));
        readiness.MarkReady();
        Assert.Equal("ready\n", await stranger.GetStringAsync("/readyz", Token));

        await host.PostAsync("/v1/chat/completions", """{"model":"small","messages":[{"role":"user","content":"x"}]}""");
        await host.PostAsync("/v1/chat/completions", "{");
        var snapshot = host.Services.GetRequiredService<IServiceStatus>().Take();
        Assert.Null(snapshot.NotReady);
        Assert.Equal((0, 512, "small"), (snapshot.InFlight, snapshot.InFlightMax, snapshot.DefaultModel));
        Assert.Equal(host.Address.GetLeftPart(UriPartial.Authority) + "/v1", snapshot.BaseUrl);
        Assert.Equal((1, 1), (snapshot.Traffic.Sum(t => t.Answered), snapshot.Traffic.Sum(t => t.Refused)));
        Assert.All(snapshot.Memory, part => Assert.InRange(part.Bytes, 0, part.BytesMax));
        Assert.True(snapshot.Memory[0].Bytes > 0);
    }

    [Fact]
    public void Faults_of_the_options_come_all_at_once_in_the_words_of_the_file()
    {
        var options = new Holdfast.Gateway.Options.GatewayOptions { Hosts = ["http://x"], Limits = new() { BodyBytesMax = 0, InFlightMax = 0 }, Records = new() { FileBytesMax = 1 } };
        Assert.Equal(
            [
                "gateway.hosts holds 'http://x'; a host name without scheme and port is wanted",
                "gateway.limits.bodyBytesMax is 0; it must lie in [1024, 1073741824]",
                "gateway.limits.inFlightMax is 0; it must lie in [1, 100000]",
                "gateway.records.fileBytesMax is 1; it must lie in [65536, 4294967296]",
            ],
            options.Faults());
    }
}
