using Holdfast.Abstractions.Answering;

namespace Holdfast.Dashboard.Views;

/// <summary>An answer cut at its citation marks, with the sources that the marks point to.</summary>
public sealed record AnswerView(AskOutcome Outcome, IReadOnlyList<AnswerPiece> Pieces, IReadOnlyList<AnswerSource> Sources);
