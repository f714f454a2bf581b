using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Constraints;
using Holdfast.Engine.Templates;

namespace Holdfast.Engine.Serving;

/// <summary>The prompts of a request, or why there are none.</summary>
internal sealed record Prompts(IReadOnlyList<IReadOnlyList<int>> Ids, ThinkingStart Thinking, AnswerFault? Fault)
{
    /// <summary>A prompt has at least so many tokens, more than the context holds: none was tokenised. Null where all were.</summary>
    public int? Least { get; init; }

    /// <summary>What the answer must look like; null where there is a fault.</summary>
    public AnswerForm? Form { get; init; }
}
