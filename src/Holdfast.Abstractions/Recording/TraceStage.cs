namespace Holdfast.Abstractions.Recording;

/// <summary>One stage of a request. <paramref name="StartMicroseconds"/> counts from the request's first byte.</summary>
public sealed record TraceStage(string Name, long StartMicroseconds, long Microseconds, string Verdict, string? Detail = null);
