namespace Holdfast.Engine.Serving;

/// <summary>How busy the engine is.</summary>
/// <param name="Running">Sequences that are computed.</param>
/// <param name="Waiting">Sequences that wait.</param>
/// <param name="KvUse">Share of the blocks that sequences hold.</param>
/// <param name="CacheQueries">Prompt tokens looked for in the prefix cache.</param>
/// <param name="CacheHits">Those that were found.</param>
/// <param name="Preemptions">Sequences that gave up their blocks.</param>
public readonly record struct EngineLoad(int Running, int Waiting, double KvUse, long CacheQueries, long CacheHits, long Preemptions);
