using System.Text;
using Holdfast.Abstractions.Answering;
using Holdfast.Gateway.Upstreams;
using Holdfast.Tests.Fakes;
using Holdfast.Traffic.Retrying;
using Microsoft.Extensions.Logging.Abstractions;

namespace Holdfast.Tests.Gateway.Upstreams;

/// <summary>An <see cref="UpstreamPool"/> in front of fakes, with short names for the calls that tests make.</summary>
internal sealed class PoolUnderTest : IAsyncDisposable
{
    public PoolUnderTest(IReadOnlyList<string> urls, Func<UpstreamOptions, UpstreamOptions>? with = null, RetryOptions? retry = null, TimeProvider? time = null, string apiKey = "")
    {
        Options = (with ?? (static options => options))(new UpstreamOptions { Name = "fake", Urls = urls });
        Assert.Empty(Options.Faults("upstreams[0]"));
        retry ??= new RetryOptions();
        Budget = new RetryBudget(retry);
        Pool = new UpstreamPool(Options, apiKey, new RetryPolicy(retry), Budget, time ?? TimeProvider.System, new Random(1), NullLogger<UpstreamPool>.Instance);
    }

    public PoolUnderTest(FakeVllm fake, Func<UpstreamOptions, UpstreamOptions>? with = null)
        : this([fake.Url], with)
    {
    }

    public UpstreamOptions Options { get; }

    public UpstreamPool Pool { get; }

    public RetryBudget Budget { get; }

    public List<AnswerAttempt> Attempts { get; } = [];

    public static string ChatBody(bool isStream, int choices = 1) =>
        $$$"""{"model":"fake-model","messages":[{"role":"user","content":"hi"}],"n":{{{choices}}},"stream":{{{(isStream ? "true" : "false")}}},"stream_options":{"include_usage":true}}""";

    public AnswerCall Call(bool isStream, string? body = null, CallKind kind = CallKind.Chat, string model = "fake-model", int choices = 1) => new()
    {
        RequestId = "hf-1",
        Kind = kind,
        Model = model,
        Request = new ChatRequest { Messages = [], IsStream = isStream, Choices = choices },
        Body = Encoding.UTF8.GetBytes(body ?? ChatBody(isStream, choices)),
        OnAttempt = Attempts.Add,
    };

    public Task<Answered> AskAsync(AnswerCall call) => AskUntilAsync(call, TestContext.Current.CancellationToken);

    public async Task<Answered> AskUntilAsync(AnswerCall call, CancellationToken cancellationToken)
    {
        List<AnswerPart> parts = [];
        await foreach (var part in Pool.AnswerAsync(call, cancellationToken))
        {
            parts.Add(part);
        }

        return new Answered(parts);
    }

    public Task<Answered> StreamAsync() => AskAsync(Call(isStream: true));

    public Task<Answered> WholeAsync() => AskAsync(Call(isStream: false));

    public ValueTask DisposeAsync() => Pool.DisposeAsync();
}
