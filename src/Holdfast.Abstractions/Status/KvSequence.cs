namespace Holdfast.Abstractions.Status;

/// <summary>A running sequence. <paramref name="RequestId"/> opens its trace.</summary>
public sealed record KvSequence(int Number, string RequestId, int PromptTokens, int GeneratedTokens, int Blocks);
