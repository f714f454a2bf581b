namespace Holdfast.Abstractions.Searching;

/// <summary>How likely the found passages answer the question.</summary>
/// <param name="Score">0 to 1.</param>
/// <param name="Verdict">What the score means.</param>
public sealed record Answerability(double Score, AnswerabilityVerdict Verdict);
