namespace Holdfast.Verbs;

/// <summary>The answer to one line: its JSON, and whether it is a fault.</summary>
internal sealed record DeskAnswer(string Line, bool IsFault);
