using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Templates;

namespace Holdfast.Engine.Constraints;

/// <summary>What form a request's answer must have, and how its tools are brought to the model.</summary>
internal sealed record AnswerForm
{
    /// <summary>The request to render: with tools that a template does not know, a message of ours describes them.</summary>
    public required ChatRequest Request { get; init; }

    /// <summary>The template must not see the tools.</summary>
    public bool HidesTools { get; init; }

    /// <summary>Null: the answer is free text.</summary>
    public ConstraintGrammar? Grammar { get; init; }

    /// <summary>How calls are written in the answer; <see cref="ToolFormat.None"/>: there are none.</summary>
    public ToolFormat Calls { get; init; }

    /// <summary>The tools that may be called; no other name in an answer makes a call.</summary>
    public IReadOnlyList<string> ToolNames { get; init; } = [];

    /// <summary>Why the request is refused (400), or null.</summary>
    public string? Fault { get; init; }

    /// <summary>The member of the request at fault.</summary>
    public string? Param { get; init; }
}
