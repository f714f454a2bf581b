namespace Holdfast.Dashboard.Views;

/// <summary>The ask box with its answer, when there is one.</summary>
public sealed record AskView
{
    public string Question { get; init; } = "";

    public required string Model { get; init; }

    /// <summary>Models to choose from; the default one first.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>Base address of the API, for the line to paste.</summary>
    public required string BaseUrl { get; init; }

    public AnswerView? Answer { get; init; }

    /// <summary>What is wrong with the question.</summary>
    public string? Fault { get; init; }

    public required int QuestionCharactersMax { get; init; }

    /// <summary>One sentence on what can be asked about.</summary>
    public required string Scope { get; init; }
}
