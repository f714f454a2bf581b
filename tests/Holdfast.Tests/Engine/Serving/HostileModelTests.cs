using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Kernels;
using Holdfast.Engine.Scheduling;
using Holdfast.Engine.Serving;
using Holdfast.Tests.Engine.Models;

namespace Holdfast.Tests.Engine.Serving;

/// <summary>Model files that are cut, flipped, or lie: each is refused in one line that names the file, or served; nothing else happens.</summary>
public sealed class HostileModelTests
{
    private const int FlipsMax = 1000;

    private static readonly byte[] Whole = TinyChatModel.Make();
    private static readonly EngineOptions Options = new() { KvMiB = 1, Threads = 1, Kernels = KernelTier.Scalar, Scheduler = new SchedulerOptions { StepTokens = 64, RunningMax = 2 } };

    [Fact]
    public async Task The_whole_file_answers()
    {
        using var file = new TempFile(Whole);
        Assert.NotEmpty(await AnswerAsync(file.Path));
    }

    [Fact]
    public void A_file_cut_at_every_sixteenth_is_refused_by_name()
    {
        for (var part = 0; part < 16; part++)
        {
            using var file = new TempFile(Whole[..(int)(Whole.LongLength * part / 16)]);
            var fault = Assert.Throws<ModelFileException>(() => Load(file.Path));
            Assert.StartsWith(file.Path, fault.Message, StringComparison.Ordinal);
            Assert.NotNull(fault.Offset);
            Assert.DoesNotContain('\n', fault.Message);
        }
    }

    [Fact]
    public async Task A_flipped_bit_anywhere_in_the_head_is_refused_by_name_or_served()
    {
        const int Seed = 20261125;
        var random = new Random(Seed);
        var head = HeadBytes();
        var served = 0;
        for (var i = 0; i < FlipsMax; i++)
        {
            var at = (int)((long)head * i / FlipsMax);
            var changed = (byte[])Whole.Clone();
            changed[at] ^= (byte)(1 << random.Next(8));
            using var file = new TempFile(changed);
            try
            {
                await AnswerAsync(file.Path);
                served++;
            }
            catch (ModelFileException fault)
            {
                Assert.StartsWith(file.Path, fault.Message, StringComparison.Ordinal);
            }
            catch (Exception other)
            {
                Assert.Fail($"byte {at} of seed {Seed}: {other}");
            }
        }

        // Letters of tokens may change without harm, lengths and types may not.
        Assert.InRange(served, 1, FlipsMax - 1);
    }

    [Theory]
    [InlineData("llama.block_count", 1_000_000u)]
    [InlineData("llama.embedding_length", 0u)]
    [InlineData("llama.attention.head_count", 0u)]
    [InlineData("llama.attention.head_count", 0x1000_0004u)]
    [InlineData("llama.attention.head_count_kv", 3u)]
    [InlineData("llama.attention.key_length", 4_000_000_000u)]
    [InlineData("llama.feed_forward_length", 512_000u)]
    [InlineData("llama.context_length", 0u)]
    [InlineData("llama.attention.layer_norm_rms_epsilon", 0x7FC0_0000u)]
    [InlineData("llama.rope.freq_base", 0u)]
    [InlineData("tokenizer.ggml.eos_token_id", 4_000_000u)]
    public void A_number_that_lies_is_refused_by_name(string key, uint value)
    {
        var changed = (byte[])Whole.Clone();
        var at = changed.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(key));
        Assert.True(at > 0);
        BitConverter.TryWriteBytes(changed.AsSpan(at + key.Length + 4), value);
        using var file = new TempFile(changed);

        var fault = Assert.Throws<ModelFileException>(() => Load(file.Path).Dispose());

        Assert.StartsWith(file.Path, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_without_merges_is_refused()
    {
        using var file = new TempFile(TinyChatModel.Make(hasMerges: false));
        Assert.Contains("tokenizer.ggml.merges is missing", Assert.Throws<ModelFileException>(() => Load(file.Path)).Message, StringComparison.Ordinal);
    }

    /// <summary>In a norm the residual itself overflows, in keys and values only what is stored of a token.</summary>
    [Theory]
    [InlineData("output_norm.weight", KvType.Half)]
    [InlineData("blk.0.attn_norm.weight", KvType.Half)]
    [InlineData("blk.0.attn_k.weight", KvType.Half)]
    [InlineData("blk.1.attn_v.weight", KvType.Half)]
    [InlineData("blk.1.attn_k.weight", KvType.Eight)]
    [InlineData("blk.0.attn_v.weight", KvType.Eight)]
    public async Task Weights_that_overflow_end_the_request_and_not_the_engine(string tensor, KvType type)
    {
        using var whole = new TempFile(TinyChatModel.Make(type: TensorType.F32));
        using var file = new ModelCopy(whole.Path).Overflowing(tensor).ToFile();
        using var backend = Load(file.Path, Options with { KvType = type });
        for (var i = 0; i < 2; i++)
        {
            var fault = Assert.Single(await PartsAsync(backend, CallKind.Completion, Request("The service") with { Choices = 2 })).Fault!;
            Assert.Equal((500, "engine_fault"), (fault.Status, fault.Code));
            Assert.Contains("are not finite", fault.Message, StringComparison.Ordinal);
            Assert.Equal(0, backend.Load().Running + backend.Load().Waiting);
        }
    }

    [Fact]
    public void A_template_that_cannot_be_read_is_refused_with_its_place()
    {
        using var file = new TempFile(TinyChatModel.Make(template: "{% for message in messages %}{{ message.content }}"));
        Assert.Contains(file.Path, Assert.Throws<ModelFileException>(() => Load(file.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_that_cannot_be_used_with_tools_says_which_construct_is_in_the_way()
    {
        using var file = new TempFile(TinyChatModel.Make(template: "{% if tools %}{{ tools | xmlattr }}{% endif %}{{ messages[0].content }}"));
        using var backend = Load(file.Path);
        var tools = System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>("""[{"type":"function","function":{"name":"f"}}]""");
        var fault = Assert.Single(await PartsAsync(backend, CallKind.Chat, Request("The service") with { Tools = tools })).Fault!;
        Assert.Equal((400, "tools"), (fault.Status, fault.Param));
        Assert.Contains("the filter 'xmlattr' is not supported", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_template_completions_are_served_and_chats_refused()
    {
        using var file = new TempFile(TinyChatModel.Make(template: null));
        using var backend = Load(file.Path);
        Assert.Contains("no chat template", backend.Models[0].ChatFault, StringComparison.Ordinal);

        var chat = Assert.Single(await PartsAsync(backend, CallKind.Chat)).Fault!;
        var completion = await PartsAsync(backend, CallKind.Completion);

        Assert.Equal(400, chat.Status);
        Assert.Contains("no chat template; use /v1/completions", chat.Message, StringComparison.Ordinal);
        Assert.All(completion, part => Assert.Null(part.Fault));
    }

    [Fact]
    public async Task A_completion_without_text_is_refused_and_never_waits()
    {
        using var file = new TempFile(Whole);
        using var backend = Load(file.Path);
        var request = new ChatRequest { Messages = [], Inputs = [], MaxTokens = 4 };

        var fault = Assert.Single(await PartsAsync(backend, CallKind.Completion, request)).Fault!;

        Assert.Equal((400, "prompt"), (fault.Status, fault.Param));
        Assert.Contains("token numbers", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_would_be_ignored_is_refused_by_name()
    {
        using var file = new TempFile(Whole);
        using var backend = Load(file.Path);
        var fault = Assert.Single(await PartsAsync(backend, CallKind.Completion, Request("The service") with { OwnFault = new AnswerFault { Status = 400, Message = "'best_of' is not supported", Type = "t", Code = "unsupported_parameter", Param = "best_of" } })).Fault!;
        Assert.Equal((400, "unsupported_parameter", "best_of"), (fault.Status, fault.Code, fault.Param));
    }

    [Fact]
    public void A_context_beyond_the_trained_one_is_refused_with_both_numbers()
    {
        using var file = new TempFile(Whole);
        var fault = Assert.Throws<ModelFileException>(() => Load(file.Path, new EngineOptions { KvMiB = 1, Threads = 1, ContextTokens = 513 }));
        Assert.Contains("engine.contextTokens is 513; this model was trained for 512", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_encoder_is_refused_as_a_language_model()
    {
        var fault = Assert.Throws<ModelFileException>(() => Load(Holdfast.Engine.Embedding.EmbeddingEngine.ShippedModelPath));
        Assert.Contains("bert, an encoder: it embeds and does not answer", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prompt_that_the_pool_could_never_hold_is_refused_before_it_queues()
    {
        using var file = new TempFile(Whole);
        using var backend = Load(file.Path);
        var poolTokens = backend.Memory.KvTokens;
        var request = Request(new string('x', poolTokens * 20));

        var fault = Assert.Single(await PartsAsync(backend, CallKind.Chat, request)).Fault!;

        Assert.Equal((400, "context_length_exceeded"), (fault.Status, fault.Code));
        Assert.Contains(backend.CountPrompt(backend.Models[0].Id, CallKind.Chat, request).Tokens.ToString(System.Globalization.CultureInfo.InvariantCulture), fault.Message, StringComparison.Ordinal);
        Assert.Contains(Math.Min(poolTokens, 512).ToString(System.Globalization.CultureInfo.InvariantCulture), fault.Message, StringComparison.Ordinal);
        Assert.Equal((0, 0), (backend.Load().Waiting, backend.Load().Running));
    }

    private static int HeadBytes()
    {
        using var file = new TempFile(Whole);
        using var gguf = GgufFile.Open(file.Path);
        return (int)gguf.Tensors.Min(tensor => tensor.Offset);
    }

    private static EngineBackend Load(string path, EngineOptions? options = null) =>
        EngineBackend.Load(path, options ?? Options, gate: null, TimeProvider.System);

    private static ChatRequest Request(string text) => new()
    {
        Messages = [new ChatMessage { Role = "user", Text = text, Raw = JsonSerializer.SerializeToElement(new { role = "user", content = text }) }],
        Inputs = [text],
        Temperature = 0,
        MaxTokens = 2,
    };

    private static async Task<List<AnswerPart>> AnswerAsync(string path)
    {
        using var backend = Load(path);
        return await PartsAsync(backend, CallKind.Completion);
    }

    private static async Task<List<AnswerPart>> PartsAsync(EngineBackend backend, CallKind kind, ChatRequest? request = null)
    {
        var parts = new List<AnswerPart>();
        var call = new AnswerCall { RequestId = "request", Kind = kind, Model = "tiny", Request = request ?? Request("The service restarts"), Body = default };
        await foreach (var part in backend.AnswerAsync(call, TestContext.Current.CancellationToken))
        {
            parts.Add(part);
        }

        return parts;
    }
}
