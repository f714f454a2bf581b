namespace Holdfast.Abstractions.Answering;

/// <summary>Tokens of one answer.</summary>
/// <param name="PromptTokens">Tokens of the prompt, cached ones included.</param>
/// <param name="CompletionTokens">Tokens of all choices together.</param>
/// <param name="CachedTokens">Prompt tokens found in the KV cache; null when the backend does not say.</param>
/// <param name="Source">Who counted.</param>
public sealed record TokenUsage(int PromptTokens, int CompletionTokens, int? CachedTokens, UsageSource Source);
