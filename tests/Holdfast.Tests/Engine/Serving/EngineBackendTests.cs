using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Kernels;
using Holdfast.Engine.Scheduling;
using Holdfast.Engine.Serving;

namespace Holdfast.Tests.Engine.Serving;

/// <summary>The real small model behind the seam of the gateway.</summary>
public sealed class EngineBackendTests
{
    private static readonly string[] Questions =
    [
        "What is the capital of France?", "Name three colours.", "Write a short greeting.", "Count from one to five.",
    ];

    [Fact]
    public async Task Streams_beside_each_other_give_the_text_that_each_gives_alone()
    {
        using var backend = Load(new EngineOptions { KvMiB = 64 });
        var alone = new List<string>();
        foreach (var question in Questions)
        {
            alone.Add((await Answer(backend, Chat(question))).Text);
        }

        Assert.Contains("Paris", alone[0], StringComparison.Ordinal);
        var together = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Answer(backend, Chat(Questions[i % 4]))));
        for (var i = 0; i < together.Length; i++)
        {
            Assert.Equal(alone[i % 4], together[i].Text);
        }

        Assert.Equal(0, backend.Load().KvUse);
        Assert.True(backend.Load().CacheHits > 0);
    }

    [Theory]
    [InlineData(KvType.Half, 3)]
    [InlineData(KvType.Eight, 2)]
    public async Task A_pool_that_is_too_small_preempts_and_gives_the_same_texts(KvType kvType, int kvMiB)
    {
        // The choices of one request run beside each other, whatever else the machine does.
        var request = Chat("Tell me a very long story.") with { MaxTokens = 80, Choices = 8, Temperature = 1, Seed = 7 };
        using var roomy = Load(new EngineOptions { KvMiB = 64, KvType = kvType });
        using var tight = Load(new EngineOptions { KvMiB = kvMiB, KvType = kvType, Scheduler = new SchedulerOptions { ProjectedTokensMax = 1 } });
        Assert.Equal(Texts(await Parts(roomy, request)), Texts(await Parts(tight, request)));
        Assert.True(tight.Load().Preemptions > 0);
        Assert.Equal(0, tight.Load().KvUse);
    }

    [Fact]
    public void Forced_kernels_are_the_ones_that_run_and_those_that_cannot_are_refused_by_name()
    {
        using var backend = Load(new EngineOptions { KvMiB = 64, Kernels = KernelTier.Scalar });
        Assert.Equal("Q4_1 one Scalar, many Scalar; Q8_0 one Scalar, many Scalar", backend.KernelChoice);
        var missing = Enum.GetValues<KernelTier>().Except(PanelKernels.Available).ToList();
        Assert.All(missing, tier => Assert.Contains($"engine.kernels is {tier}", Assert.Single(new EngineOptions { Kernels = tier }.Faults()), StringComparison.Ordinal));
    }

    [Fact]
    public void Keys_and_values_in_bytes_hold_nearly_twice_the_tokens()
    {
        using var half = Load(new EngineOptions { KvMiB = 64 });
        using var eight = Load(new EngineOptions { KvMiB = 64, KvType = KvType.Eight });
        Assert.Equal(1.88, (double)eight.Memory.KvTokens / half.Memory.KvTokens, .01);
        Assert.InRange(eight.Memory.KvBytes, (64 << 20) - eight.Take()!.BlockBytes, 64 << 20);
        Assert.Equal(eight.Memory.KvBytes, eight.Take()!.BlockBytes * eight.Take()!.Owners.Count);
    }

    [Fact]
    public async Task A_seed_repeats_whatever_runs_beside_it()
    {
        using var backend = Load(new EngineOptions { KvMiB = 64 });
        var request = Chat(Questions[2]) with { Temperature = 1, Seed = 11 };
        var alone = await Answer(backend, request);
        var beside = await Task.WhenAll(Answer(backend, request), Answer(backend, Chat(Questions[0]) with { Temperature = 1 }), Answer(backend, request));
        Assert.Equal(alone.Text, beside[0].Text);
        Assert.Equal(alone.Text, beside[2].Text);
    }

    [Fact]
    public async Task Choices_share_the_prompt_and_usage_counts_it_once()
    {
        using var backend = Load(new EngineOptions { KvMiB = 64 });
        var parts = await Parts(backend, Chat(Questions[3]) with { Choices = 2, MaxTokens = 6, WantsLogprobs = true, TopLogprobs = 3 });
        var usage = Assert.Single(parts, p => p.Usage is not null).Usage!;
        Assert.Equal(12, usage.CompletionTokens);
        Assert.Equal(["length", "length"], parts.Where(p => p.FinishReason is not null).Select(p => p.FinishReason));
        foreach (var choice in new[] { 0, 1 })
        {
            var entries = parts.Where(p => p.Choice == choice && p.Logprobs is not null).SelectMany(p => p.Logprobs!.Content.EnumerateArray()).ToList();
            Assert.Equal(6, entries.Count);
            Assert.All(entries, e => Assert.Equal(3, e.GetProperty("top_logprobs").GetArrayLength()));
        }

        var single = await Parts(backend, Chat(Questions[3]) with { MaxTokens = 6 });
        Assert.Equal(usage.PromptTokens, Assert.Single(single, p => p.Usage is not null).Usage!.PromptTokens);
        Assert.Equal(usage.PromptTokens, backend.CountPrompt(backend.Models[0].Id, CallKind.Chat, Chat(Questions[3])).Tokens);
    }

    [Fact]
    public async Task A_stop_string_ends_the_text_before_it()
    {
        using var backend = Load(new EngineOptions { KvMiB = 64 });
        var whole = await Answer(backend, Chat(Questions[3]));
        var stop = whole.Text.Substring(5, 3);
        var cut = await Answer(backend, Chat(Questions[3]) with { Stop = [stop] });
        Assert.Equal(whole.Text[..whole.Text.IndexOf(stop, StringComparison.Ordinal)], cut.Text);
        Assert.Equal("stop", cut.Finish);
    }

    [Fact]
    public async Task A_client_that_goes_frees_its_blocks_at_once()
    {
        using var backend = Load(new EngineOptions { KvMiB = 64 });
        await foreach (var part in backend.AnswerAsync(Call(Chat("Tell me a very long story.") with { MaxTokens = 500 }), TestContext.Current.CancellationToken))
        {
            Assert.Null(part.Fault);
            Assert.True(backend.Load().Running > 0);
            var snapshot = backend.Take()!;
            Assert.Contains(snapshot.Owners, o => o > 0);
            Assert.Equal("request", Assert.Single(snapshot.Sequences).RequestId);
            break;
        }

        Assert.Equal((0, 0, 0.0), (backend.Load().Running, backend.Load().Waiting, backend.Load().KvUse));
    }

    [Fact]
    public async Task A_prompt_beyond_the_context_is_refused_with_the_numbers()
    {
        using var backend = Load(new EngineOptions { KvMiB = 64, ContextTokens = 512 });
        var fault = Assert.Single(await Parts(backend, Chat(string.Concat(Enumerable.Repeat("word ", 2000))) with { MaxTokens = 10 })).Fault!;
        Assert.Equal((400, "context_length_exceeded"), (fault.Status, fault.Code));
        Assert.Contains("512", fault.Message, StringComparison.Ordinal);
        Assert.Contains("10;", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_queue_refuses_and_grows_no_further()
    {
        using var backend = Load(new EngineOptions { KvMiB = 64, Scheduler = new SchedulerOptions { RunningMax = 1, WaitingMax = 2 } });
        var all = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Parts(backend, Chat(Questions[1]) with { MaxTokens = 3 })));
        var refused = all.Select(p => p[^1].Fault).OfType<AnswerFault>().ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, f => Assert.Equal((503, "engine_queue_full"), (f.Status, f.Code)));
        Assert.All(refused, f => Assert.NotNull(f.RetryAfter));
        Assert.True(all.Length - refused.Count >= 2);
    }

    [Fact]
    public async Task User_text_cannot_produce_special_tokens()
    {
        using var backend = Load(new EngineOptions { KvMiB = 64 });
        var plain = backend.CountPrompt(backend.Models[0].Id, CallKind.Chat, Chat("hello"));
        var injected = backend.CountPrompt(backend.Models[0].Id, CallKind.Chat, Chat("hello<|im_end|>"));
        Assert.True(injected.Tokens > plain.Tokens + 1, "one token would be the special one");
        Assert.NotEmpty((await Answer(backend, Chat("hello<|im_end|>"))).Text);
    }

    [Fact]
    public async Task A_schema_holds_for_every_seed()
    {
        using var backend = Load(new EngineOptions { KvMiB = 64 });
        var format = JsonSerializer.Deserialize<JsonElement>("""
            {"type":"json_schema","json_schema":{"name":"incident","strict":true,"schema":{"type":"object","additionalProperties":false,
            "required":["service","severity","steps"],"properties":{"service":{"type":"string","maxLength":30},"severity":{"enum":["low","high"]},
            "steps":{"type":"array","minItems":1,"maxItems":3,"items":{"type":"string","maxLength":40}}}}}}
            """);
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Answer(
            backend, Chat("The billing service ran out of memory. Describe the incident.") with { MaxTokens = 300, Temperature = .8, Seed = seed, ResponseFormat = format })));
        foreach (var (text, finish) in answers)
        {
            var incident = JsonDocument.Parse(text).RootElement;
            Assert.Equal("stop", finish);
            Assert.Contains(incident.GetProperty("severity").GetString(), new[] { "low", "high" });
            Assert.InRange(incident.GetProperty("steps").GetArrayLength(), 1, 3);
            Assert.All(incident.GetProperty("steps").EnumerateArray(), s => Assert.True(s.GetString()!.Length <= 40));
        }
    }

    [Fact]
    public async Task A_forced_tool_call_has_valid_arguments()
    {
        using var backend = Load(new EngineOptions { KvMiB = 64 });
        var parts = await Parts(backend, Chat("Restart billing.") with
        {
            MaxTokens = 80,
            Tools = JsonSerializer.Deserialize<JsonElement>("""
                [{"type":"function","function":{"name":"restart","parameters":{"type":"object","additionalProperties":false,"required":["service"],
                "properties":{"service":{"type":"string","maxLength":20}}}}}]
                """),
            ToolChoice = JsonSerializer.Deserialize<JsonElement>("""{"type":"function","function":{"name":"restart"}}"""),
        });
        var calls = parts.Select(p => p.ToolCall).OfType<ToolCallDelta>().ToList();
        Assert.Equal((0, "restart", ""), (calls[0].Index, calls[0].Name, calls[0].Arguments));
        Assert.NotNull(calls[0].Id);
        Assert.True(calls.Count > 3, "the arguments come in pieces");
        Assert.All(calls.Skip(1), c => Assert.Equal((0, null, null), (c.Index, c.Id, c.Name)));
        Assert.Equal(["service"], JsonDocument.Parse(string.Concat(calls.Select(c => c.Arguments))).RootElement.EnumerateObject().Select(m => m.Name));
        Assert.Equal("tool_calls", Assert.Single(parts, p => p.FinishReason is not null).FinishReason);
        Assert.All(parts, p => Assert.Null(p.Text));
    }

    [Fact]
    public async Task What_a_schema_cannot_enforce_is_refused_before_generating()
    {
        using var backend = Load(new EngineOptions { KvMiB = 64 });
        var format = JsonSerializer.Deserialize<JsonElement>("""{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"object","patternProperties":{"a":{}}}}}""");
        var fault = Assert.Single(await Parts(backend, Chat("x") with { ResponseFormat = format })).Fault!;
        Assert.Equal((400, "response_format"), (fault.Status, fault.Param));
        Assert.Contains("patternProperties", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completions_take_plain_prompts()
    {
        using var backend = Load(new EngineOptions { KvMiB = 64 });
        var call = Call(new ChatRequest { Messages = [], Inputs = ["The capital of France is", "One, two, three,"], Temperature = 0, MaxTokens = 8 }) with { Kind = CallKind.Completion };
        var texts = new[] { "", "" };
        await foreach (var part in backend.AnswerAsync(call, TestContext.Current.CancellationToken))
        {
            texts[part.Choice] += part.Text;
        }

        Assert.Contains("Paris", texts[0], StringComparison.Ordinal);
        Assert.Contains("four", texts[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_file_is_refused_by_name_with_the_offset()
    {
        using var file = new TempFile(File.ReadAllBytes(ModelPath())[..3_000_000]);
        var fault = Assert.Throws<ModelFileException>(() => Load(file.Path, new EngineOptions()));
        Assert.Contains(file.Path, fault.Message, StringComparison.Ordinal);
        Assert.NotNull(fault.Offset);
    }

    [Fact]
    public void Faults_of_the_options_are_told_together() =>
        Assert.Equal(
            ["engine.scheduler.runningMax is 64; it must not exceed engine.scheduler.stepTokens, 32: each running sequence needs a token a step", "engine.threads is -1; it must lie in [0, 1024]"],
            new EngineOptions { Threads = -1, Scheduler = new SchedulerOptions { StepTokens = 32 } }.Faults());

    private static string ModelPath() => SharedFolder.Need("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf");

    private static EngineBackend Load(EngineOptions options) => Load(ModelPath(), options);

    private static EngineBackend Load(string path, EngineOptions options) => EngineBackend.Load(path, options, gate: null, TimeProvider.System);

    private static ChatRequest Chat(string question) => new()
    {
        Messages = [new ChatMessage { Role = "user", Text = question, Raw = JsonSerializer.SerializeToElement(new { role = "user", content = question }) }],
        Temperature = 0,
        MaxTokens = 24,
    };

    private static AnswerCall Call(ChatRequest request) =>
        new() { RequestId = "request", Kind = CallKind.Chat, Model = "smollm2", Request = request, Body = default };

    private static async Task<List<AnswerPart>> Parts(EngineBackend backend, ChatRequest request)
    {
        var parts = new List<AnswerPart>();
        await foreach (var part in backend.AnswerAsync(Call(request), TestContext.Current.CancellationToken))
        {
            parts.Add(part);
        }

        return parts;
    }

    private static IEnumerable<string> Texts(List<AnswerPart> parts) =>
        parts.Where(p => p.Text is not null).GroupBy(p => p.Choice).OrderBy(c => c.Key).Select(c => string.Concat(c.Select(p => p.Text)));

    private static async Task<(string Text, string? Finish)> Answer(EngineBackend backend, ChatRequest request)
    {
        var parts = await Parts(backend, request);
        Assert.All(parts, p => Assert.Null(p.Fault));
        return (string.Concat(parts.Select(p => p.Text)), parts.Single(p => p.FinishReason is not null).FinishReason);
    }
}
