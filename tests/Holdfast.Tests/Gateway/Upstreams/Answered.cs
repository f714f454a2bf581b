using System.Text;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Tests.Gateway.Upstreams;

/// <summary>All parts of one answer.</summary>
internal sealed record Answered(IReadOnlyList<AnswerPart> Parts)
{
    public AnswerFault? Fault => Parts.Count == 0 ? null : Parts[^1].Fault;

    public AnswerFault FaultSure => Fault ?? throw new InvalidOperationException("the answer did not fail");

    public bool HasContent => Parts.Any(static part => part.HasContent);

    public string? FinishReason => Parts.LastOrDefault(static part => part.FinishReason is not null)?.FinishReason;

    public TokenUsage? Usage => Parts.LastOrDefault(static part => part.Usage is not null)?.Usage;

    public string Raw => string.Concat(Parts.Select(static part => Encoding.UTF8.GetString(part.Raw.Span)));
}
