namespace Holdfast.Abstractions.Status;

/// <summary>Requests that ended in one step of time.</summary>
/// <param name="At">Start of the step.</param>
/// <param name="Answered">Ended with content.</param>
/// <param name="Refused">4xx and 503: said no, with a reason.</param>
/// <param name="Failed">5xx but 503, and streams that ended with an error frame.</param>
/// <param name="TtftP50Milliseconds">Median time to the first content; null when none.</param>
/// <param name="TtftP95Milliseconds">95th percentile of it.</param>
public sealed record TrafficStep(DateTimeOffset At, int Answered, int Refused, int Failed, double? TtftP50Milliseconds, double? TtftP95Milliseconds);
