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

        var batch = await lazy.EmbedAsync(["a pump"], isBackground: false, TestContext.Current.CancellationToken);
        Assert.True(lazy.IsLoaded);
        Assert.Equal(lazy.Dimensions, batch.Vectors[0].Length);
    }
}
