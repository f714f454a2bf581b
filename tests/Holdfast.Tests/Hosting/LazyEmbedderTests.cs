using Holdfast.Abstractions.Counting;
using Holdfast.Engine.Embedding;
using Holdfast.Engine.Kernels;
using Holdfast.Hosting;

namespace Holdfast.Tests.Hosting;

public sealed class LazyEmbedderTests
{
    [Fact]
    public async Task What_a_list_of_models_asks_for_does_not_load_the_weights()
    {
        using var gate = new ComputeGate();
        using var lazy = new LazyEmbedder(EmbeddingEngine.ShippedModelPath, new EmbeddingOptions(), gate);

        Assert.Equal("all-MiniLM-L6-v2", lazy.Model);
        Assert.Equal(384, lazy.Dimensions);
        Assert.Equal(512, lazy.TokensMax);
        Assert.False(lazy.IsLoaded);

        var batch = await lazy.EmbedAsync(["a pump"], isBackground: false, allowsCut: true, TestContext.Current.CancellationToken);
        Assert.True(lazy.IsLoaded);
        Assert.Equal(lazy.Dimensions, batch.Vectors[0].Length);
    }

    [Fact]
    public async Task Deleting_or_replacing_the_file_changes_nothing_and_shortening_it_is_told()
    {
        using var gate = new ComputeGate();
        var (path, shorter) = (Path.GetTempFileName(), Path.GetTempFileName());
        File.Copy(EmbeddingEngine.ShippedModelPath, path, overwrite: true);
        File.Copy(EmbeddingEngine.ShippedModelPath, shorter, overwrite: true);
        using var deleted = new LazyEmbedder(path, new EmbeddingOptions(), gate);
        File.Delete(path);
        Assert.Single((await deleted.EmbedAsync(["a pump"], isBackground: false, allowsCut: true, TestContext.Current.CancellationToken)).Vectors);

        using var cut = new LazyEmbedder(shorter, new EmbeddingOptions(), gate);
        await File.WriteAllTextAsync(shorter, "short", TestContext.Current.CancellationToken);
        var fault = await Assert.ThrowsAsync<EmbedderException>(() => cut.EmbedAsync(["a pump"], isBackground: false, allowsCut: true, TestContext.Current.CancellationToken));
        Assert.Contains(shorter, fault.Message, StringComparison.Ordinal);
        File.Delete(shorter);
    }
}
