namespace Holdfast.Engine.Templates;

/// <summary>Where a generation stands with respect to <c>&lt;think&gt;</c>.</summary>
public enum ThinkingStart
{
    /// <summary>The template knows no thinking, or the prompt has closed it already.</summary>
    None,

    /// <summary>The model may open it itself.</summary>
    Possible,

    /// <summary>The prompt has opened it: the first text is reasoning.</summary>
    Open,
}
