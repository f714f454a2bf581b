using Holdfast.Abstractions.Answering;

namespace Holdfast.Gateway.Upstreams;

/// <summary>A model of an upstream, where the configuration names them.</summary>
public sealed record UpstreamModelOptions
{
    /// <summary>The upstream's own name of it.</summary>
    public string Name { get; init; } = "";

    /// <summary>The name that clients use; empty = the upstream's own.</summary>
    public string Alias { get; init; } = "";

    /// <summary>Prompt plus completion; null = the upstream's limit, or what the upstream says.</summary>
    public int? ContextTokens { get; init; }

    /// <summary>Which calls it takes.</summary>
    public ModelAbilities Abilities { get; init; } = ModelAbilities.Chat | ModelAbilities.Completions | ModelAbilities.Embeddings;

    internal string Id => Alias.Length == 0 ? Name : Alias;
}
