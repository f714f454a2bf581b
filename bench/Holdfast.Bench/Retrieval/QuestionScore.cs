namespace Holdfast.Bench.Retrieval;

/// <summary>What one question gave.</summary>
internal sealed record QuestionScore(
    ManualQuestion Question, int Rank, bool IsSpanFirst, bool IsSpanFive, bool IsSpanShown, int WordsShown, bool IsRefused, double Answerability, double Milliseconds);
