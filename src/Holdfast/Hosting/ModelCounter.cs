using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Counting;
using Holdfast.Engine.Serving;
using Holdfast.Gateway.Counting;

namespace Holdfast.Hosting;

/// <summary>Counts exactly for the model that runs in this process, whose vocabulary we hold, and estimates for all others.</summary>
internal sealed class ModelCounter(EngineBackend? engine, O200kCounter others) : ITokenCounter
{
    public TokenCount Count(string model, string text) => For(model).Count(model, text);

    public TokenCount CountPrompt(string model, CallKind kind, ChatRequest request) => For(model).CountPrompt(model, kind, request);

    private ITokenCounter For(string model) => engine is not null && engine.Models[0].Id == model ? engine : others;
}
