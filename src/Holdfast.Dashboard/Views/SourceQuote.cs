namespace Holdfast.Dashboard.Views;

/// <summary>A cited span with a little of the passage around it. <paramref name="Start"/> and <paramref name="Length"/> lie in the document's text.</summary>
public sealed record SourceQuote(string Before, string Cited, string After, int Start, int Length);
