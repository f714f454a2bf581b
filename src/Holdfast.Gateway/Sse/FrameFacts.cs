using Holdfast.Abstractions.Answering;

namespace Holdfast.Gateway.Sse;

/// <summary>What the gateway needs to know of an upstream's JSON; everything else passes unseen.</summary>
internal struct FrameFacts
{
    /// <summary>False: <see cref="Text"/> and <see cref="Reasoning"/> are left out, which saves a copy of the whole answer.</summary>
    public bool WantsText;

    /// <summary>The frame holds content for the client.</summary>
    public bool HasContent;

    /// <summary>The <c>finish_reason</c> of the last choice that ended in it.</summary>
    public string? FinishReason;

    /// <summary>The <c>finish_reason</c> of <see cref="Choice"/> itself.</summary>
    public string? ChoiceFinish;

    /// <summary>The choice that the frame is about; the last one where it holds several.</summary>
    public int Choice;

    /// <summary>The text of that choice: for citations, and for a count where the upstream gives none.</summary>
    public string? Text;

    /// <summary>Its <c>reasoning_content</c> or <c>reasoning</c>.</summary>
    public string? Reasoning;

    /// <summary>The choices before it, where one JSON holds several (a whole answer with n above 1).</summary>
    public List<AnswerPart>? Others;

    /// <summary>Null when absent, null or all zero (Ollama sends zeros until the end).</summary>
    public TokenUsage? Usage;

    /// <summary>A top-level <c>error</c> that is not null.</summary>
    public bool HasError;

    /// <summary>Choices, or entries of <c>data</c>, that it holds.</summary>
    public int Answers;
}
