namespace Holdfast.Dashboard.Words;

/// <summary>A stretch of a body with its colour: <c>k</c> a member's name, <c>v</c> a string, empty the rest.</summary>
public readonly record struct JsonRun(string Text, string Class);
