using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Scheduling;
using Holdfast.Engine.Serving;

namespace Holdfast.Tests.Engine.Serving;

/// <summary>What a grammar forces is computed in runs; the answer must be the one of a token a step.</summary>
public sealed class JumpAheadTests
{
    private static readonly JsonElement Incident = TalkingModel.Format("""
        {"type":"object","additionalProperties":false,"required":["service","severity","restarts","note"],"properties":{"service":{"type":"string","maxLength":120},
        "severity":{"enum":["the service restarts when the budget is spent","billing"]},"restarts":{"type":"integer","minimum":0,"maximum":99},"note":{"const":"The budget is spent."}}}
        """);

    private static readonly JsonElement Tools = TalkingModel.Json("""
        [{"type":"function","function":{"name":"restart","parameters":{"type":"object","additionalProperties":false,"required":["service","ok"],
        "properties":{"service":{"type":"string","maxLength":9},"ok":{"type":"boolean"}}}}}]
        """);

    [Theory]
    [InlineData(256, 64, 1024)]
    [InlineData(16, 16, 1)]
    [InlineData(17, 9, 1)]
    public async Task The_answers_are_those_of_one_token_a_step_whatever_the_batch_the_chunks_and_the_preemptions(int stepTokens, int runningMax, int projected)
    {
        using var file = TalkingModel.File();
        using var plain = new OneByOne(file.Path);
        var scheduler = new SchedulerOptions { StepTokens = stepTokens, RunningMax = runningMax, ProjectedTokensMax = projected };
        using var backend = EngineBackend.Load(file.Path, new EngineOptions { KvMiB = 1, Threads = 2, Scheduler = scheduler }, gate: null, TimeProvider.System);
        var requests = Requests().ToList();
        var answers = await Task.WhenAll(requests.Select(r => TalkingModel.Parts(backend, r)));
        for (var i = 0; i < requests.Count; i++)
        {
            AssertSame(requests[i], answers[i], plain);
        }

        Assert.True(runningMax != 16 || backend.Load().Preemptions > 0);
        Assert.Equal(0, backend.Load().KvUse);
    }

    [Fact]
    public async Task What_is_forced_takes_no_step_of_its_own()
    {
        using var file = TalkingModel.File();
        using var backend = EngineBackend.Load(file.Path, new EngineOptions { KvMiB = 1, Threads = 1 }, gate: null, TimeProvider.System);
        var parts = await TalkingModel.Parts(backend, TalkingModel.Chat("u") with
        {
            ResponseFormat = TalkingModel.Format("""{"type":"object","required":["note"],"properties":{"note":{"const":"The service restarts when the budget is spent."}}}"""),
        });
        Assert.Contains("The service restarts", string.Concat(parts.Select(p => p.Text)), StringComparison.Ordinal);
        Assert.True(parts.Count(p => p.Text is not null) * 4 < parts[^1].Usage!.CompletionTokens);
    }

    private static void AssertSame(ChatRequest request, List<AnswerPart> parts, OneByOne plain)
    {
        var tokens = 0;
        for (var choice = 0; choice < request.Choices; choice++)
        {
            var (text, finish, count, logprobs) = plain.Answer(request, choice);
            var own = parts.Where(p => p.Choice == choice).ToList();
            tokens += count;
            if (request.Tools is null)
            {
                Assert.Equal(text, string.Concat(own.Select(p => p.Text)));
                Assert.Equal(finish, Assert.Single(own, p => p.FinishReason is not null).FinishReason);
            }
            else
            {
                Assert.Contains(string.Concat(own.Select(p => p.ToolCall?.Arguments)), text, StringComparison.Ordinal);
            }

            var given = own.Where(p => p.Logprobs is not null).SelectMany(p => p.Logprobs!.Content.EnumerateArray()).Select(e => e.GetProperty("logprob").GetDouble());
            Assert.Equal(request.WantsLogprobs ? logprobs : [], given);
        }

        Assert.Equal(tokens, Assert.Single(parts, p => p.Usage is not null).Usage!.CompletionTokens);
    }

    private static IEnumerable<ChatRequest> Requests()
    {
        var incident = TalkingModel.Chat("The service restarts when the budget is spent.") with { ResponseFormat = Incident, MaxTokens = 200 };
        yield return incident;
        yield return incident with { WantsLogprobs = true };
        yield return incident with { Temperature = 1, Seed = 3, WantsLogprobs = true, Choices = 16 };
        yield return incident with { Temperature = 1, Seed = 4, TopP = .9, FrequencyPenalty = 1, RepetitionPenalty = 1.3, PresencePenalty = .5, WantsLogprobs = true };
        yield return incident with { Temperature = .7, Seed = 5, TopK = 20, FrequencyPenalty = 1 };
        yield return incident with { Stop = ["budget is"], WantsLogprobs = true };
        yield return incident with { Stop = ["\"note\""] };
        yield return TalkingModel.Chat("The service restarts when the budget is spent.") with { Temperature = 1, Seed = 9, WantsLogprobs = true };
        var call = TalkingModel.Chat("billing") with { Tools = Tools, ToolChoice = TalkingModel.Json("\"required\""), MaxTokens = 200 };
        yield return call;
        yield return call with { Temperature = 1, Seed = 2, WantsLogprobs = true };
        for (var most = 1; most < 40; most += 3)
        {
            yield return incident with { MaxTokens = most, WantsLogprobs = most % 2 == 0 };
        }
    }
}
