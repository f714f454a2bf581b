namespace Holdfast.Gateway.Upstreams;

/// <summary>A model in an upstream's own list.</summary>
internal sealed record FoundModel(string Name, int? ContextTokens, string OwnedBy);
