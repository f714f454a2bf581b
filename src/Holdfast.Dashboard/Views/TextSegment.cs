namespace Holdfast.Dashboard.Views;

/// <summary>A stretch of a document's text that is shown in one way.</summary>
/// <param name="Text">The text itself.</param>
/// <param name="IsMarked">Belongs to the span asked for.</param>
/// <param name="IsHeading">Belongs to a heading.</param>
/// <param name="Page">The page that begins here.</param>
public sealed record TextSegment(string Text, bool IsMarked, bool IsHeading, int? Page);
