namespace Holdfast.Bench.Retrieval;

/// <summary>What one question gave. Rank counts pages from 1; 0: not found.</summary>
internal sealed record QuestionScore
{
    public required ManualQuestion Question { get; init; }

    public required int Rank { get; init; }

    public required bool IsSpanFirst { get; init; }

    public required bool IsSpanFive { get; init; }

    /// <summary>The answer's span stands in the sentences that are shown (refused: nothing is).</summary>
    public required bool IsSpanShown { get; init; }

    /// <summary>Words shown, the marks not counted.</summary>
    public required int WordsShown { get; init; }

    public required int WordsFirst { get; init; }

    public required bool IsRefused { get; init; }

    public required double Answerability { get; init; }

    public required double SearchMilliseconds { get; init; }

    /// <summary>Question to first sentence, search included.</summary>
    public required double AnswerMilliseconds { get; init; }
}
