using Holdfast.Abstractions.Recording;

namespace Holdfast.Gateway.Records;

/// <summary>One line of a trace file.</summary>
internal sealed record TraceLine(long Sequence, RequestTrace Trace);
