namespace Holdfast.Abstractions.Recording;

/// <summary>Tokens of a request. <paramref name="Source"/> is <c>provider</c>, <c>counted</c> or <c>estimated</c>.</summary>
public sealed record TraceUsage(int PromptTokens, int CompletionTokens, int? CachedTokens, string Source);
