namespace Holdfast.Documents.Cleaning;

/// <summary>A change that a rule made, in offsets of the text as it came in.</summary>
internal sealed record TextEdit(string Rule, int Start, int Length, string Replacement);
