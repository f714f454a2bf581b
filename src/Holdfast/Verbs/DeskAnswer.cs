namespace Holdfast.Verbs;

/// <summary>The answer to one line: its JSON, whether it is a fault, and whether the answer is no.</summary>
internal sealed record DeskAnswer(string Line, bool IsFault, bool IsNo);
