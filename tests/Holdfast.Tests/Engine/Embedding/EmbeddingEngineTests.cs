using System.Security.Cryptography;
using System.Text.Json;
using Holdfast.Abstractions.Counting;
using Holdfast.Engine.Embedding;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Kernels;
using Holdfast.Tests.Engine.Models;

namespace Holdfast.Tests.Engine.Embedding;

public sealed class EmbeddingEngineTests
{
    [Fact]
    public void The_shipped_encoder_is_the_one_whose_digest_is_written_down() =>
        Assert.Equal(
            "d830294ac34764369523e7a5155f5de99ff49f99ee8dee273e5bc421aa0a332b",
            Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(EmbeddingEngine.ShippedModelPath))));

    [Fact]
    public async Task Sentences_of_one_meaning_are_near_and_others_far()
    {
        using var engine = Load();
        var batch = await engine.EmbedAsync(["restart the service", "start the service again", "banana"], isBackground: false, allowsCut: true, TestContext.Current.CancellationToken);
        Assert.Equal(384, engine.Dimensions);
        Assert.Equal("all-MiniLM-L6-v2", engine.Model);
        Assert.True(Cosine(batch.Vectors[0], batch.Vectors[1]) > Cosine(batch.Vectors[0], batch.Vectors[2]) + .2);
        Assert.All(batch.Vectors, v => Assert.Equal(1, Cosine(v, v), 1e-5));
        Assert.Equal([5, 6, 3], batch.Tokens);
        Assert.All(batch.IsCut, Assert.False);
    }

    [Fact]
    public async Task A_text_has_the_same_vector_alone_in_a_batch_and_in_the_background()
    {
        using var engine = Load();
        var texts = Enumerable.Range(1, 40).Select(i => string.Concat(Enumerable.Repeat($"passage {i} of the handbook. ", i))).ToArray();
        var together = await engine.EmbedAsync(texts, isBackground: true, allowsCut: true, TestContext.Current.CancellationToken);
        foreach (var i in new[] { 0, 7, 39 })
        {
            var alone = await engine.EmbedAsync([texts[i]], isBackground: false, allowsCut: true, TestContext.Current.CancellationToken);
            Assert.Equal(together.Vectors[i], alone.Vectors[0]);
        }
    }

    [Fact]
    public async Task A_long_text_is_cut_and_says_so()
    {
        using var engine = Load();
        var batch = await engine.EmbedAsync([string.Concat(Enumerable.Repeat("word ", 700))], isBackground: false, allowsCut: true, TestContext.Current.CancellationToken);
        Assert.Equal(702, batch.Tokens[0]);
        Assert.True(batch.IsCut[0]);
    }

    [Fact]
    public async Task A_text_that_is_too_long_ends_a_call_that_allows_no_cut_before_anything_is_computed()
    {
        using var engine = Load();
        string[] texts = ["first", string.Concat(Enumerable.Repeat("word ", 700)), "last", .. Enumerable.Repeat("some words", 2_045)];
        var batch = await engine.EmbedAsync(texts, isBackground: false, allowsCut: false, TestContext.Current.CancellationToken);
        Assert.Empty(batch.Vectors);
        Assert.Equal((1, 702, false), (batch.IsCut.ToList().IndexOf(true), batch.Tokens[1], batch.IsLeast));

        batch = await engine.EmbedAsync([string.Concat(Enumerable.Repeat("word ", 100_000))], isBackground: false, allowsCut: false, TestContext.Current.CancellationToken);
        Assert.True(batch.IsLeast);
        Assert.InRange(batch.Tokens[0], 8_193, 100_000);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_ends_and_the_next_one_is_served()
    {
        using var engine = Load();
        using var stop = new CancellationTokenSource();
        var long_ = engine.EmbedAsync([.. Enumerable.Repeat("some words to embed for a while", 2000)], isBackground: true, allowsCut: true, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => long_);
        var batch = await engine.EmbedAsync(["still here"], isBackground: false, allowsCut: true, TestContext.Current.CancellationToken);
        Assert.Single(batch.Vectors);
    }

    [Fact]
    public async Task Background_work_waits_while_serving_computes()
    {
        using var gate = new ComputeGate();
        using var engine = EmbeddingEngine.Load(EmbeddingEngine.ShippedModelPath, new EmbeddingOptions { BackgroundPatience = TimeSpan.FromMinutes(5) }, gate);
        gate.Enter();
        var background = engine.EmbedAsync(["later"], isBackground: true, allowsCut: true, TestContext.Current.CancellationToken);
        Assert.False(background.IsCompleted);
        gate.Leave();
        Assert.Single((await background).Vectors);
    }

    [Fact]
    public async Task A_short_call_is_over_long_before_a_large_one_that_came_first()
    {
        using var engine = Load();
        var large = engine.EmbedAsync([.. Enumerable.Repeat(string.Concat(Enumerable.Repeat("word ", 400)), 60)], isBackground: false, allowsCut: true, TestContext.Current.CancellationToken);
        for (var i = 0; i < 3; i++)
        {
            await engine.EmbedAsync([$"short {i}"], isBackground: false, allowsCut: true, TestContext.Current.CancellationToken);
        }

        Assert.False(large.IsCompleted, "three short calls took as long as 60 texts of 402 tokens");
        Assert.Equal(60, (await large).Vectors.Count);
    }

    [Fact]
    public async Task Calls_together_get_the_vectors_that_each_gets_alone()
    {
        using var engine = Load();
        var texts = Enumerable.Range(0, 24).Select(i => string.Concat(Enumerable.Repeat($"passage {i} of the handbook. ", i % 7 + 1))).ToArray();
        using var stop = new CancellationTokenSource();
        var gone = engine.EmbedAsync(texts, isBackground: false, allowsCut: true, stop.Token);
        var calls = texts.Chunk(3).Select(some => engine.EmbedAsync(some, isBackground: false, allowsCut: true, TestContext.Current.CancellationToken)).ToArray();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        var together = (await Task.WhenAll(calls)).SelectMany(c => c.Vectors).ToList();
        for (var i = 0; i < texts.Length; i++)
        {
            Assert.Equal((await engine.EmbedAsync([texts[i]], isBackground: false, allowsCut: true, TestContext.Current.CancellationToken)).Vectors[0], together[i]);
        }
    }

    [Fact]
    public async Task Calls_that_wait_fail_when_the_engine_ends_and_later_ones_are_refused()
    {
        using var gate = new ComputeGate();
        gate.Enter();
        var engine = EmbeddingEngine.Load(EmbeddingEngine.ShippedModelPath, new EmbeddingOptions { BackgroundPatience = TimeSpan.FromHours(1), QueueLength = 2 }, gate);
        var calls = Enumerable.Range(0, 5).Select(i => engine.EmbedAsync([$"text {i}"], isBackground: true, allowsCut: true, TestContext.Current.CancellationToken)).ToArray();
        engine.Dispose();
        foreach (var call in calls)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => call);
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(() => engine.EmbedAsync(["late"], isBackground: false, allowsCut: true, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Vectors_agree_with_the_golden_ones()
    {
        using var engine = Load();
        var rows = File.ReadLines(SharedFolder.Need("models/golden/all-minilm-l6-v2/embeddings.jsonl")).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        var batch = await engine.EmbedAsync([.. rows.Select(r => r.GetProperty("text").GetString()!)], isBackground: true, allowsCut: true, TestContext.Current.CancellationToken);
        var cosines = new List<double>();
        for (var i = 0; i < rows.Count; i++)
        {
            // Rows 36 and 37 hold names of special tokens, which the reference parses and we never do.
            if (rows[i].GetProperty("id").GetInt32() is not (36 or 37))
            {
                Assert.Equal(rows[i].GetProperty("tokens").GetInt32(), batch.Tokens[i]);
                var golden = rows[i].GetProperty("vector").GetBytesFromBase64();
                cosines.Add(Cosine(batch.Vectors[i], System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(golden).ToArray()));
            }
        }

        TestContext.Current.SendDiagnosticMessage($"cosine: least {cosines.Min():f6}, mean {cosines.Average():f6}");
        Assert.True(cosines.Min() >= .9975, $"least {cosines.Min()}");
        Assert.True(cosines.Average() >= .9993, $"mean {cosines.Average()}");
    }

    [Fact]
    public async Task Weights_that_overflow_give_a_fault_and_no_vector()
    {
        using var file = new ModelCopy(EmbeddingEngine.ShippedModelPath).Overflowing("token_embd_norm.weight").ToFile();
        using var engine = EmbeddingEngine.Load(file.Path, new EmbeddingOptions(), gate: null);
        foreach (var isBackground in new[] { false, true })
        {
            var fault = await Assert.ThrowsAsync<EmbedderException>(() => engine.EmbedAsync(["a pump"], isBackground, allowsCut: true, TestContext.Current.CancellationToken));
            Assert.Contains("not finite", fault.Message, StringComparison.Ordinal);
        }

        // A failed call is let go of: the same text in the background would otherwise be computed for ever, before any other.
        var next = engine.EmbedAsync(["another pump"], isBackground: true, allowsCut: true, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<EmbedderException>(() => next.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_language_model_is_no_encoder()
    {
        using var file = new TempFile(new GgufWriter().Add("general.architecture", "llama").ToBytes());
        var fault = Assert.Throws<ModelFileException>(() => EmbeddingEngine.Load(file.Path, new EmbeddingOptions(), gate: null));
        Assert.Contains("llama", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_of_the_options_are_told_together() =>
        Assert.Equal(2, new EmbeddingOptions { Threads = -1, QueueLength = -1 }.Faults().Count);

    private static EmbeddingEngine Load() => EmbeddingEngine.Load(EmbeddingEngine.ShippedModelPath, new EmbeddingOptions(), gate: null);

    private static double Cosine(float[] a, float[] b) =>
        a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(x => (double)x * x));
}
