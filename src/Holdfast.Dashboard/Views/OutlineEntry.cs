namespace Holdfast.Dashboard.Views;

/// <summary>A heading or a page in the list beside a text.</summary>
/// <param name="Text">What to show.</param>
/// <param name="Level">1 to 6; 0 for a page.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="Length">How much of the text to mark.</param>
public sealed record OutlineEntry(string Text, int Level, int Start, int Length);
