using Holdfast.Engine.Tokenizing;

namespace Holdfast.Engine.Templates;

/// <summary>A rendered prompt, or why there is none: then the fault is the request's, a 400.</summary>
internal sealed record RenderedChat(IReadOnlyList<TextSpan> Spans, ThinkingStart Thinking, string? Fault)
{
    /// <summary>The fault is a limit of the rendering, not what the template was shown.</summary>
    public bool IsOverLimit { get; init; }

    /// <summary>The prompt as one text, for traces.</summary>
    public string Text => string.Concat(Spans.Select(s => s.Text));

    public static RenderedChat Refuse(string fault) => new([], ThinkingStart.None, fault);
}
