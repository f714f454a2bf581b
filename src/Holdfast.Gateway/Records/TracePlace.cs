namespace Holdfast.Gateway.Records;

/// <summary>Where a trace stands: file name, first byte, bytes.</summary>
internal readonly record struct TracePlace(string File, long Offset, int Length);
