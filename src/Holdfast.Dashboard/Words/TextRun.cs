namespace Holdfast.Dashboard.Words;

/// <summary>A stretch of text to show as it is, or (<paramref name="IsOdd"/>) the name of one character that would not be seen, such as <c>U+202E</c>.</summary>
public readonly record struct TextRun(string Text, bool IsOdd);
