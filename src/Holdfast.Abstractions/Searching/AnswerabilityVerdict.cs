namespace Holdfast.Abstractions.Searching;

/// <summary>What an answerability score means.</summary>
public enum AnswerabilityVerdict
{
    No,
    Unsure,
    Yes,
}
