using Holdfast.Abstractions.Answering;
using Holdfast.Gateway.Answers;

namespace Holdfast.Gateway.Pipeline;

/// <summary>An answer on its way from the backend to the client: what is held until the first content, and what was said.</summary>
internal sealed class AnswerFlow(IAsyncEnumerator<AnswerPart> parts, IAnswerSink sink)
{
    public IAsyncEnumerator<AnswerPart> Parts { get; } = parts;

    public IAnswerSink Sink { get; } = sink;

    public AnswerLedger Ledger { get; } = new();

    /// <summary>Parts that came before the first content; they go out with it or not at all.</summary>
    public List<AnswerPart> Held { get; } = [];

    /// <summary>True when the backend has no more parts.</summary>
    public bool HasEnded { get; set; }
}
