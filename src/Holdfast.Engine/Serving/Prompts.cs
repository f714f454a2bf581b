using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Constraints;
using Holdfast.Engine.Templates;

namespace Holdfast.Engine.Serving;

/// <summary>The prompts of a request, or why there are none.</summary>
internal sealed record Prompts(IReadOnlyList<IReadOnlyList<int>> Ids, ThinkingStart Thinking, AnswerFault? Fault)
{
    /// <summary>What the answer must look like; null where there is a fault.</summary>
    public AnswerForm? Form { get; init; }
}
