namespace Holdfast.Abstractions.Status;

/// <summary>A part of the memory with its hard bound. <paramref name="Option"/> names the bound in the configuration.</summary>
public sealed record MemoryPart(string Name, long Bytes, long BytesMax, string Option);
