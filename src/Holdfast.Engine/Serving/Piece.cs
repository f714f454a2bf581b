namespace Holdfast.Engine.Serving;

/// <summary>A token of an answer with the text that may go out with it, and the reason when the answer ends there.</summary>
internal readonly record struct Piece(int Token, string Text, string? FinishReason);
