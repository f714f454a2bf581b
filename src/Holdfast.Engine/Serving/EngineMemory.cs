namespace Holdfast.Engine.Serving;

/// <summary>Where the engine's memory is.</summary>
/// <param name="WeightBytes">Packed matrices.</param>
/// <param name="KvBytes">Keys and values.</param>
/// <param name="ScratchBytes">Activations and logits of a step.</param>
/// <param name="TokenizerBytes">Vocabulary and merges.</param>
/// <param name="KvTokens">Tokens that the KV memory holds.</param>
public sealed record EngineMemory(long WeightBytes, long KvBytes, long ScratchBytes, long TokenizerBytes, int KvTokens);
