namespace Holdfast.Printing;

/// <summary>How far a pull is, as JSON on standard error.</summary>
internal sealed record PullStep(string Progress, long DoneBytes, long TotalBytes);
