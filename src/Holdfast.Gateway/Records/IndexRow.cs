using Holdfast.Abstractions.Recording;

namespace Holdfast.Gateway.Records;

/// <summary>A row of the index: the request as listed, its usage, and where its trace stands (<paramref name="File"/> is null when the content was dropped).</summary>
internal sealed record IndexRow(long Sequence, TraceRow Row, TraceUsage? Usage, string? File, long Offset, int Length);
