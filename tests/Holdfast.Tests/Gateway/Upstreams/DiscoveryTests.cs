using Holdfast.Abstractions.Answering;
using Holdfast.Gateway.Upstreams;
using Holdfast.Tests.Fakes;

namespace Holdfast.Tests.Gateway.Upstreams;

public sealed class DiscoveryTests
{
    public static TheoryData<FakeFace, string, int?> Faces => new()
    {
        { FakeFace.Vllm, "fake-model", 2048 },
        { FakeFace.Llama, "fake-model", 512 },
        { FakeFace.Ollama, "fake-model:latest", null },
        { FakeFace.Sim, "fake-model", 2048 },
    };

    [Theory]
    [MemberData(nameof(Faces))]
    public async Task The_models_and_their_context_are_found(FakeFace face, string id, int? context)
    {
        await using var fake = FakeVllm.Start(face);
        await using var pool = new PoolUnderTest(fake);
        await pool.Pool.StartAsync(TestContext.Current.CancellationToken);
        var model = Assert.Single(pool.Pool.Models);
        Assert.Equal((id, context), (model.Id, model.ContextTokens));
        Assert.True(pool.Pool.States[0].IsReachable);
    }

    [Fact]
    public async Task The_configuration_goes_before_what_the_upstream_says()
    {
        await using var fake = FakeVllm.Start();
        await using var pool = new PoolUnderTest(fake, options => options with { ContextTokens = 1000 });
        await pool.Pool.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1000, Assert.Single(pool.Pool.Models).ContextTokens);
    }

    [Fact]
    public async Task Configured_models_are_served_while_the_upstream_is_away_and_it_says_why()
    {
        await using var pool = new PoolUnderTest(
            [$"http://127.0.0.1:{FakeVllm.ClosedPort()}"],
            options => options with { Models = [new UpstreamModelOptions { Name = "a", Alias = "b", Abilities = ModelAbilities.Chat }] });
        await pool.Pool.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(new ServedModel("b", ModelAbilities.Chat, null, "fake"), Assert.Single(pool.Pool.Models));
        Assert.Equal((false, "the upstream refused the connection"), (pool.Pool.States[0].IsReachable, pool.Pool.States[0].LastFault));
    }

    [Fact]
    public async Task A_server_that_loads_is_away_until_it_has_loaded()
    {
        await using var fake = FakeVllm.Start(FakeFace.Llama);
        fake.IsLoading = true;
        await using var pool = new PoolUnderTest(fake);
        await pool.Pool.RefreshAsync(TestContext.Current.CancellationToken);
        Assert.Empty(pool.Pool.Models);
        Assert.Equal("GET v1/models was answered with 503: Loading model", pool.Pool.States[0].LastFault);
        fake.IsLoading = false;
        await pool.Pool.RefreshAsync(TestContext.Current.CancellationToken);
        Assert.Single(pool.Pool.Models);
        Assert.Equal((true, null), (pool.Pool.States[0].IsReachable, pool.Pool.States[0].LastFault));
    }

    [Fact]
    public async Task Models_stay_known_when_their_server_goes_away()
    {
        var fake = FakeVllm.Start();
        await using var pool = new PoolUnderTest(fake);
        await pool.Pool.RefreshAsync(TestContext.Current.CancellationToken);
        await fake.DisposeAsync();
        await pool.Pool.RefreshAsync(TestContext.Current.CancellationToken);
        Assert.Single(pool.Pool.Models);
        Assert.False(pool.Pool.States[0].IsReachable);
    }

    [Fact]
    public async Task The_loop_finds_a_server_that_comes_later()
    {
        var port = FakeVllm.ClosedPort();
        await using var pool = new PoolUnderTest([$"http://127.0.0.1:{port}/v1"]);
        await pool.Pool.StartAsync(TestContext.Current.CancellationToken);
        Assert.Empty(pool.Pool.Models);
        await using var fake = FakeVllm.Start(port: port);
        while (pool.Pool.Models.Count == 0)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.True(pool.Pool.States[0].IsReachable);
    }

    [Fact]
    public async Task An_alias_changes_the_models_name_and_no_other_byte()
    {
        await using var fake = FakeVllm.Start();
        await using var pool = new PoolUnderTest(fake, options => options with { Models = [new UpstreamModelOptions { Name = "real/\"name", Alias = "nice" }] });
        var answered = await pool.AskAsync(pool.Call(isStream: false, """{ "temperature":1.0, "model" : "nice","model":"twice", "n":1e0 }""", model: "nice"));
        Assert.Null(answered.Fault);
        const string Sent = """{ "temperature":1.0, "model" : "real/\u0022name","model":"real/\u0022name", "n":1e0 }""";
        Assert.Equal(Sent, System.Text.Encoding.UTF8.GetString(Assert.Single(fake.Received).Body));
        Assert.Equal(Sent, System.Text.Encoding.UTF8.GetString(Assert.Single(pool.Attempts).Body.Span));
    }

    [Fact]
    public async Task Our_key_and_our_request_id_are_sent_and_the_trace_masks_the_key()
    {
        await using var fake = FakeVllm.Start();
        await using var pool = new PoolUnderTest([fake.Url], apiKey: "secret-1");
        await pool.WholeAsync();
        var request = Assert.Single(fake.Received);
        Assert.Contains("Authorization: Bearer secret-1\r\n", request.Head, StringComparison.Ordinal);
        Assert.Contains("X-Request-ID: hf-1\r\n", request.Head, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/json\r\n", request.Head, StringComparison.Ordinal);
        Assert.DoesNotContain("traceparent", request.Head, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(pool.Attempts[0].Headers, header => header.Value.Contains("secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(CallKind.Chat, "/v1/chat/completions")]
    [InlineData(CallKind.Completion, "/v1/completions")]
    [InlineData(CallKind.Embedding, "/v1/embeddings")]
    public async Task Each_kind_goes_to_its_route(CallKind kind, string path)
    {
        await using var fake = FakeVllm.Start();
        await using var pool = new PoolUnderTest(fake);
        Assert.Null((await pool.AskAsync(pool.Call(isStream: false, kind: kind))).Fault);
        Assert.Equal(path, Assert.Single(fake.Received).Path);
    }

    [Fact]
    public void All_faults_of_an_entry_are_told_together_in_the_words_of_the_file()
    {
        var faults = new UpstreamOptions
        {
            Name = "Not Good",
            Urls = ["ftp://x", "http://user@host"],
            ApiKey = "a b",
            ApiKeyEnvironment = "KEY",
            ContextTokens = 0,
            EventBytesMax = 1,
            ConnectionsMax = 0,
            Timeouts = new UpstreamTimeouts { Idle = TimeSpan.Zero },
            Models = [new UpstreamModelOptions(), new UpstreamModelOptions { Name = "m" }, new UpstreamModelOptions { Name = "x", Alias = "m" }],
        }.Faults("upstreams[2]");
        Assert.Equal(
            [
                "upstreams[2].name is \"Not Good\"; it must be 1 to 64 of a-z, 0-9, - _ .",
                "upstreams[2].urls[0] is \"ftp://x\"; it must be an http or https address without user, query or fragment",
                "upstreams[2].urls[1] is \"http://user@host\"; it must be an http or https address without user, query or fragment",
                "upstreams[2].apiKey and upstreams[2].apiKeyEnvironment are both set; keep one",
                "upstreams[2].apiKey holds a character that a header cannot carry",
                "upstreams[2].models[0].name is empty; give the upstream's name of the model",
                "upstreams[2].models[2] serves \"m\" a second time; give it another alias",
                "upstreams[2].contextTokens is 0; it must be 1 or more",
                "upstreams[2].eventBytesMax is 1; it must lie in 1024 to 1073741824",
                "upstreams[2].connectionsMax is 0; it must lie in 1 to 65535",
                "upstreams[2].timeouts.idle is 00:00:00; it must be above 0 and 24 hours at most",
            ],
            faults);
    }
}
