namespace Holdfast.Engine.Gguf;

/// <summary>What the head of a file says.</summary>
internal sealed record GgufHead(int Version, GgufMetadata Metadata, IReadOnlyList<TensorInfo> Tensors);
