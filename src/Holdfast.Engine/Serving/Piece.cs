namespace Holdfast.Engine.Serving;

/// <summary>
/// A token of an answer with the text that may go out with it, and the reason when the answer ends there. <paramref name="Offset"/> is
/// where its own text begins in the answer, in UTF-16 units; a part of a character begins where the character does.
/// </summary>
internal readonly record struct Piece(int Token, int Offset, string Text, string? FinishReason);
