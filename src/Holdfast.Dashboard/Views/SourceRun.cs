namespace Holdfast.Dashboard.Views;

/// <summary>A stretch of a source's excerpt; where <paramref name="Start"/> is set, a cited span with its place in the document's text.</summary>
public sealed record SourceRun(string Text, int? Start, int Length);
