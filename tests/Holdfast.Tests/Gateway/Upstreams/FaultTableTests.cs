using System.Text;
using System.Text.Json;
using Holdfast.Gateway.Upstreams;
using Holdfast.Tests.Fakes;

namespace Holdfast.Tests.Gateway.Upstreams;

/// <summary>
/// The fault table of peers: what the upstream does, and the truth that the client must be told. An answer cut short never looks
/// complete: it has no finish reason of its own and ends in a fault.
/// </summary>
public sealed class FaultTableTests
{
    private static readonly UpstreamTimeouts Short = new() { FirstContent = TimeSpan.FromMilliseconds(150), Idle = TimeSpan.FromMilliseconds(150), Total = TimeSpan.FromSeconds(20) };

    public static TheoryData<FakeFace> Faces => [FakeFace.Vllm, FakeFace.Llama, FakeFace.Ollama, FakeFace.Sim];

    [Theory]
    [MemberData(nameof(Faces))]
    public async Task A_whole_stream_comes_frame_by_frame_with_its_usage(FakeFace face)
    {
        await using var fake = FakeVllm.Start(face);
        await using var pool = new PoolUnderTest(fake);
        var answered = await pool.StreamAsync();
        Assert.Null(answered.Fault);
        Assert.Equal("stop", answered.FinishReason);
        Assert.Equal((35, 6), (answered.Usage!.PromptTokens, answered.Usage.CompletionTokens));
        Assert.Equal(" word word word word word word", string.Concat(answered.Parts.Select(static part => part.Text)));
        Assert.Equal(6, answered.Parts.Count(part => Encoding.UTF8.GetString(part.Raw.Span).Contains("\" word\"", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Faces))]
    public async Task A_whole_answer_comes_as_its_own_bytes(FakeFace face)
    {
        await using var fake = FakeVllm.Start(face);
        await using var pool = new PoolUnderTest(fake);
        var answered = await pool.WholeAsync();
        Assert.Null(answered.Fault);
        Assert.Equal(FakeVoice.Answer(face, "fake-model", " word word word word word word", FakeVoice.Usage(face, 35, 6)), answered.Raw);
        Assert.Equal("stop", answered.FinishReason);
        Assert.Equal(35, answered.Usage!.PromptTokens);
    }

    public static TheoryData<FakeFault, string> MidStreamFaults => new()
    {
        { FakeFault.Reset, "ended in the middle" },
        { FakeFault.Close, "ended in the middle" },
        { FakeFault.CutFrame, "middle of a frame" },
        { FakeFault.CleanEndWithoutFinish, "without a finish_reason" },
        { FakeFault.DoneWithoutFinish, "without a finish_reason" },
        { FakeFault.InvalidFrame, "no JSON object" },
    };

    [Theory]
    [MemberData(nameof(MidStreamFaults))]
    public async Task A_stream_cut_after_content_ends_in_a_502_fault_and_is_not_sent_again(FakeFault fault, string says)
    {
        await using var fake = FakeVllm.Start();
        await using var other = FakeVllm.Start();
        await using var pool = new PoolUnderTest([fake.Url, other.Url]);
        fake.Script = other.Script = _ => FakeScript.With(fault);
        var answered = await pool.StreamAsync();
        Assert.True(answered.HasContent);
        Assert.Null(answered.FinishReason);
        Assert.Equal((502, "upstream_fault"), (answered.FaultSure.Status, answered.FaultSure.Code));
        Assert.Contains(says, answered.FaultSure.Message, StringComparison.Ordinal);
        Assert.Single(pool.Attempts);
    }

    [Fact]
    public async Task A_stall_in_mid_stream_ends_with_the_idle_clock()
    {
        await using var fake = FakeVllm.Start();
        fake.Script = _ => FakeScript.With(FakeFault.Stall);
        await using var pool = new PoolUnderTest(fake, options => options with { Timeouts = Short });
        var answered = await pool.StreamAsync();
        Assert.True(answered.HasContent);
        Assert.Equal((504, "upstream_timeout"), (answered.FaultSure.Status, answered.FaultSure.Code));
        Assert.Contains("timeouts.idle", answered.FaultSure.Message, StringComparison.Ordinal);
        await (await fake.NextAsync(TestContext.Current.CancellationToken)).Aborted.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(FakeFault.StallBeforeHead)]
    [InlineData(FakeFault.StallAfterHead)]
    public async Task A_stall_before_the_first_content_is_a_504_whether_or_not_the_head_came(FakeFault fault)
    {
        await using var fake = FakeVllm.Start();
        fake.Script = _ => FakeScript.With(fault);
        await using var pool = new PoolUnderTest(fake, options => options with { Timeouts = Short });
        var answered = await pool.StreamAsync();
        Assert.False(answered.HasContent);
        Assert.Equal(504, answered.FaultSure.Status);
        Assert.Contains("timeouts.firstContent", answered.FaultSure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stall_in_a_body_that_does_not_stream_is_a_504()
    {
        await using var fake = FakeVllm.Start();
        fake.Script = _ => FakeScript.With(FakeFault.Stall);
        await using var pool = new PoolUnderTest(fake, options => options with { Timeouts = Short });
        Assert.Equal(504, (await pool.WholeAsync()).FaultSure.Status);
    }

    [Fact]
    public async Task An_error_frame_first_becomes_the_status_of_its_code_with_its_own_body()
    {
        await using var fake = FakeVllm.Start();
        fake.Script = _ => FakeScript.With(FakeFault.ErrorFrameFirst);
        await using var pool = new PoolUnderTest(fake);
        var answered = await pool.StreamAsync();
        Assert.False(answered.HasContent);
        Assert.Equal((500, "InternalServerError"), (answered.FaultSure.Status, answered.FaultSure.Type));
        Assert.Equal(FakeVoice.ErrorFrame, Encoding.UTF8.GetString(answered.FaultSure.Body.Span));
    }

    [Fact]
    public async Task An_error_frame_in_mid_stream_ends_the_answer_with_that_error()
    {
        await using var fake = FakeVllm.Start();
        fake.Script = _ => FakeScript.With(FakeFault.ErrorFrame);
        await using var pool = new PoolUnderTest(fake);
        var answered = await pool.StreamAsync();
        Assert.True(answered.HasContent);
        Assert.Null(answered.FinishReason);
        Assert.Equal(FakeVoice.ErrorFrame, Encoding.UTF8.GetString(answered.FaultSure.Body.Span));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_error_inside_a_200_is_an_error(bool isStream)
    {
        await using var fake = FakeVllm.Start();
        fake.Script = _ => FakeScript.With(FakeFault.ErrorInside200);
        await using var pool = new PoolUnderTest(fake);
        var answered = await pool.AskAsync(pool.Call(isStream));
        Assert.False(answered.HasContent);
        Assert.Equal(500, answered.FaultSure.Status);
    }

    [Fact]
    public async Task An_error_inside_a_200_without_a_status_of_its_own_is_a_502()
    {
        await using var fake = FakeVllm.Start();
        fake.Script = _ => FakeScript.Answer(200, """{"error":{"message":"no","type":"odd","param":null,"code":"strange"}}""");
        await using var pool = new PoolUnderTest(fake);
        Assert.Equal((502, "strange"), ((await pool.WholeAsync()).FaultSure.Status, (await pool.WholeAsync()).FaultSure.Code));
    }

    [Theory]
    [InlineData(FakeFault.CutJson)]
    [InlineData(FakeFault.InvalidJson)]
    [InlineData(FakeFault.WrongJson)]
    public async Task A_cut_an_invalid_and_a_wrong_json_body_are_a_502(FakeFault fault)
    {
        await using var fake = FakeVllm.Start();
        fake.Script = _ => FakeScript.With(fault);
        await using var pool = new PoolUnderTest(fake);
        var answered = await pool.WholeAsync();
        Assert.False(answered.HasContent);
        Assert.Equal((502, "upstream_fault"), (answered.FaultSure.Status, answered.FaultSure.Code));
        Assert.Single(pool.Attempts);
    }

    [Fact]
    public async Task A_429_keeps_its_Retry_After()
    {
        await using var fake = FakeVllm.Start();
        const string Body = """{"error":{"message":"slow down","type":"RateLimitError","param":null,"code":429}}""";
        fake.Script = _ => FakeScript.Answer(429, Body, "Content-Type: application/json\r\nRetry-After: 7\r\nx-should-retry: true\r\nx-secret: 1\r\n");
        await using var pool = new PoolUnderTest(fake);
        var fault = (await pool.WholeAsync()).FaultSure;
        Assert.Equal((429, TimeSpan.FromSeconds(7)), (fault.Status, fault.RetryAfter));
        Assert.Equal([new("Retry-After", "7"), new("x-should-retry", "true")], fault.Headers);
        Assert.Equal(Body, Encoding.UTF8.GetString(fault.Body.Span));
        Assert.Single(pool.Attempts);
    }

    [Fact]
    public async Task A_503_stays_a_503()
    {
        await using var fake = FakeVllm.Start();
        fake.Script = _ => FakeScript.With(FakeFault.Status);
        await using var pool = new PoolUnderTest(fake);
        Assert.Equal(503, (await pool.StreamAsync()).FaultSure.Status);
    }

    [Fact]
    public async Task A_refused_connection_is_a_502_that_says_so()
    {
        await using var pool = new PoolUnderTest([$"http://127.0.0.1:{FakeVllm.ClosedPort()}"]);
        var fault = (await pool.StreamAsync()).FaultSure;
        Assert.Equal((502, "upstream_fault", "the upstream refused the connection"), (fault.Status, fault.Code, fault.Message));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_closed_before_the_head_is_a_502(bool isStream)
    {
        await using var fake = FakeVllm.Start();
        fake.Script = _ => FakeScript.With(FakeFault.CloseBeforeHead);
        await using var pool = new PoolUnderTest(fake);
        Assert.Equal(502, (await pool.AskAsync(pool.Call(isStream))).FaultSure.Status);
    }

    [Theory]
    [InlineData(FakeFault.NoDone)]
    [InlineData(FakeFault.NoZeroChunk)]
    public async Task A_stream_that_has_its_finish_reason_is_whole_without_DONE(FakeFault fault)
    {
        await using var fake = FakeVllm.Start();
        fake.Script = _ => FakeScript.With(fault);
        await using var pool = new PoolUnderTest(fake);
        var answered = await pool.StreamAsync();
        Assert.Null(answered.Fault);
        Assert.Equal("stop", answered.FinishReason);
    }

    [Theory]
    [MemberData(nameof(Faces))]
    public async Task Usage_in_a_chunk_with_choices_is_read(FakeFace face)
    {
        await using var fake = FakeVllm.Start(face);
        fake.Script = _ => FakeScript.With(FakeFault.UsageWithChoices);
        await using var pool = new PoolUnderTest(fake);
        Assert.Equal(35, (await pool.StreamAsync()).Usage!.PromptTokens);
    }

    [Fact]
    public async Task A_line_of_10_MB_comes_whole()
    {
        const int Bytes = 10 * 1024 * 1024;
        await using var fake = FakeVllm.Start();
        fake.Script = _ => new FakeScript { FillBytes = Bytes };
        await using var pool = new PoolUnderTest(fake);
        var answered = await pool.StreamAsync();
        Assert.Null(answered.Fault);
        Assert.Equal(Bytes, Encoding.UTF8.GetString(answered.Parts.First(part => part.HasContent).Raw.Span).AsSpan().Count('~'));
    }

    [Fact]
    public async Task A_line_of_50_MB_is_refused_at_the_bound_with_the_bound_in_the_message()
    {
        await using var fake = FakeVllm.Start();
        fake.Script = _ => new FakeScript { FillBytes = 50 * 1024 * 1024 };
        await using var pool = new PoolUnderTest(fake);
        var fault = (await pool.StreamAsync()).FaultSure;
        Assert.Equal("the upstream sent an event of more than 33554432 bytes (eventBytesMax)", fault.Message);
        Assert.Equal(502, fault.Status);
    }

    [Fact]
    public async Task A_body_over_its_bound_is_refused_with_the_bound_in_the_message()
    {
        await using var fake = FakeVllm.Start();
        fake.Script = _ => new FakeScript { FillBytes = 200_000 };
        await using var pool = new PoolUnderTest(fake, options => options with { BodyBytesMax = 100_000 });
        Assert.Equal("the upstream's answer is longer than 100000 bytes (bodyBytesMax)", (await pool.WholeAsync()).FaultSure.Message);
    }

    [Fact]
    public async Task A_stream_where_a_body_was_asked_and_a_body_where_a_stream_was_asked_are_faults()
    {
        await using var fake = FakeVllm.Start();
        fake.Script = _ => FakeScript.Answer(200, FakeVoice.Answer(FakeFace.Vllm, "fake-model", "hi", FakeVoice.Usage(FakeFace.Vllm, 1, 1)));
        await using var pool = new PoolUnderTest(fake);
        Assert.Contains("where a stream was asked for", (await pool.StreamAsync()).FaultSure.Message, StringComparison.Ordinal);
        fake.Script = _ => FakeScript.Answer(200, "data: {}\n\n", "Content-Type: text/event-stream\r\n");
        Assert.Contains("where one JSON body was asked for", (await pool.WholeAsync()).FaultSure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_nulls_duplicate_keys_and_unknown_fields_arrive_as_the_same_bytes()
    {
        const string Odd = """{ "x":12345678901234567890,"y":1.50,"z":1e2, "z":null,"choices":[{"index":0,"message":{"role":"assistant","content":"\u0041"},"finish_reason":"stop","stop_reason":-0.10}] ,"kv_transfer_params":{"a":[1.0]}}""";
        const string Asked = """{"model":"fake-model","x_unknown":12345678901234567890,"temperature":1.0,"temperature":1e0,"messages":[]}""";
        await using var fake = FakeVllm.Start();
        fake.Script = _ => FakeScript.Answer(200, Odd);
        await using var pool = new PoolUnderTest(fake);
        var answered = await pool.AskAsync(pool.Call(isStream: false, Asked));
        Assert.Equal(Odd, answered.Raw);
        Assert.Equal(Asked, Encoding.UTF8.GetString(Assert.Single(fake.Received).Body));
    }

    [Fact]
    public async Task A_whole_answer_with_several_choices_tells_each_and_sends_its_bytes_once()
    {
        const string Two = """{"choices":[{"index":1,"message":{"content":"b","reasoning_content":"r"},"finish_reason":"length"},{"index":0,"message":{"content":"a"},"finish_reason":"stop"}]}""";
        await using var fake = FakeVllm.Start();
        fake.Script = _ => FakeScript.Answer(200, Two);
        await using var pool = new PoolUnderTest(fake);
        var answered = await pool.AskAsync(pool.Call(isStream: false, choices: 2));
        Assert.Equal(Two, answered.Raw);
        Assert.Equal([(0, "a", null, "stop"), (1, "b", "r", "length")], answered.Parts.Select(static part => (part.Choice, part.Text, part.Reasoning, part.FinishReason)));
    }

    [Fact]
    public async Task A_wrong_key_of_ours_is_a_502_that_names_the_option()
    {
        await using var fake = FakeVllm.Start();
        fake.Script = _ => FakeScript.Answer(401, """{"error":"Unauthorized"}""");
        await using var pool = new PoolUnderTest(fake);
        var fault = (await pool.WholeAsync()).FaultSure;
        Assert.Equal(502, fault.Status);
        Assert.Contains("apiKey", fault.Message, StringComparison.Ordinal);
        using var body = JsonDocument.Parse(fault.Body);
        Assert.Equal("Unauthorized", body.RootElement.GetProperty("error").GetProperty("upstream").GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var fake = FakeVllm.Start();
        await using var trap = FakeVllm.Start();
        fake.Script = _ => FakeScript.Answer(307, "", $"Location: {trap.Url}/v1/chat/completions\r\n");
        await using var pool = new PoolUnderTest(fake);
        Assert.Equal(502, (await pool.WholeAsync()).FaultSure.Status);
        Assert.Empty(trap.Received);
    }
}
