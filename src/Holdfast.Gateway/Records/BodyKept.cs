namespace Holdfast.Gateway.Records;

/// <summary>A body for the record: its name there, the bytes that were kept, and how many it had.</summary>
internal readonly record struct BodyKept(string Name, ReadOnlyMemory<byte> Bytes, long Total);
