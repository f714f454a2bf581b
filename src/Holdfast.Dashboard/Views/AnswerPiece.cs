namespace Holdfast.Dashboard.Views;

/// <summary>A stretch of the answer's text, or, where <paramref name="Source"/> is set, the mark of a source.</summary>
public sealed record AnswerPiece(string Text, int? Source);
