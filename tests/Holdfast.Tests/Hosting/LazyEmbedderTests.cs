using Holdfast.Abstractions.Counting;
using Holdfast.Engine.Embedding;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Kernels;
using Holdfast.Hosting;
using Holdfast.Tests.Engine.Models;

namespace Holdfast.Tests.Hosting;

public sealed class LazyEmbedderTests
{
    [Fact]
    public async Task What_a_list_of_models_asks_for_does_not_load_the_weights()
    {
        using var gate = new ComputeGate();
        await using var lazy = new LazyEmbedder(EmbeddingEngine.ShippedModelPath, new EmbeddingOptions(), gate, copyFolder: null);

        Assert.Equal("all-MiniLM-L6-v2", lazy.Model);
        Assert.Equal(384, lazy.Dimensions);
        Assert.Equal(512, lazy.TokensMax);
        Assert.False(lazy.IsLoaded);

        var batch = await lazy.EmbedAsync(["a pump"], isBackground: false, allowsCut: true, TestContext.Current.CancellationToken);
        Assert.True(lazy.IsLoaded);
        Assert.Equal(lazy.Dimensions, batch.Vectors[0].Length);
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("cut")]
    [InlineData("overwrite")]
    public async Task What_happens_to_the_file_changes_nothing(string what)
    {
        using var gate = new ComputeGate();
        var folder = Directory.CreateTempSubdirectory("holdfast-copy-");
        var path = Path.Combine(folder.FullName, "model.gguf");
        File.Copy(EmbeddingEngine.ShippedModelPath, path);
        await using (var lazy = new LazyEmbedder(path, new EmbeddingOptions(), gate, folder.FullName))
        {
            Assert.NotNull(await lazy.Copy);
            Action harm = what switch
            {
                "delete" => () => File.Delete(path),
                "cut" => () => File.WriteAllText(path, "short"),
                _ => () => File.WriteAllBytes(path, new byte[30_000_000]),
            };
            harm();
            Assert.Single((await lazy.EmbedAsync(["a pump"], isBackground: false, allowsCut: true, TestContext.Current.CancellationToken)).Vectors);
        }

        File.Delete(path);
        Assert.Empty(folder.EnumerateFiles());
        folder.Delete();
    }

    [Theory]
    [InlineData("tokenizer.ggml.model")]
    [InlineData("tokenizer.ggml.seperator_token_id")]
    public void An_encoder_that_could_never_run_is_refused_at_the_start(string key)
    {
        using var gate = new ComputeGate();
        var copy = new ModelCopy(EmbeddingEngine.ShippedModelPath);
        copy.Values[key] = key.EndsWith("model", StringComparison.Ordinal) ? "t5" : 99_999_999u;
        using var file = copy.ToFile();
        Assert.Throws<ModelFileException>(() => new LazyEmbedder(file.Path, new EmbeddingOptions(), gate, copyFolder: null));
    }

    [Fact]
    public async Task Without_a_copy_a_file_that_was_cut_is_told_and_read_when_it_is_restored()
    {
        using var gate = new ComputeGate();
        var path = Path.GetTempFileName();
        var whole = await File.ReadAllBytesAsync(EmbeddingEngine.ShippedModelPath, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(path, whole, TestContext.Current.CancellationToken);
        await using var lazy = new LazyEmbedder(path, new EmbeddingOptions(), gate, copyFolder: Path.Combine(path, "no folder"));
        Assert.Null(await lazy.Copy);
        await File.WriteAllTextAsync(path, "short", TestContext.Current.CancellationToken);
        var fault = await Assert.ThrowsAsync<EmbedderException>(() => lazy.EmbedAsync(["a pump"], isBackground: false, allowsCut: true, TestContext.Current.CancellationToken));
        Assert.Contains(path, fault.Message, StringComparison.Ordinal);

        await File.WriteAllBytesAsync(path, whole, TestContext.Current.CancellationToken);
        Assert.Single((await lazy.EmbedAsync(["a pump"], isBackground: false, allowsCut: true, TestContext.Current.CancellationToken)).Vectors);
        File.Delete(path);
    }
}
