using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Counting;
using Holdfast.Abstractions.Status;
using Holdfast.Configuration;
using Holdfast.Engine.Embedding;
using Holdfast.Engine.Kernels;
using Holdfast.Engine.Serving;
using Holdfast.Gateway.Counting;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Hosting;

/// <summary>Joins the engine: the language model of <c>--model</c>, the encoder, and who counts tokens for which model.</summary>
internal static class EngineWiring
{
    public static void AddEngine(this IServiceCollection services, HoldfastOptions options, string? copyFolder)
    {
        services.AddSingleton<ComputeGate>();
        services.AddSingleton<O200kCounter>();
        if (options.Model.Length > 0)
        {
            services.AddSingleton(provider => EngineBackend.Load(options.Model, options.Engine, provider.GetRequiredService<ComputeGate>(), provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<IBackend>(provider => provider.GetRequiredService<EngineBackend>());
            services.AddSingleton<IKvPoolStatus>(provider => provider.GetRequiredService<EngineBackend>());
        }

        var encoder = options.Embedding.Model.Length > 0 ? options.Embedding.Model : EmbeddingEngine.ShippedModelPath;
        if (options.Embedding.Model.Length > 0 || File.Exists(encoder))
        {
            services.AddSingleton<IEmbedder>(provider => new LazyEmbedder(encoder, options.Embedding, provider.GetRequiredService<ComputeGate>(), copyFolder));
        }

        services.AddSingleton<ITokenCounter>(provider => new ModelCounter(provider.GetService<EngineBackend>(), provider.GetRequiredService<O200kCounter>()));
    }
}
