namespace Holdfast.Abstractions.Answering;

/// <summary>Something that answers: an upstream, the embedded engine, the extractive answerer.</summary>
public interface IBackend
{
    /// <summary>Short name for traces and the <c>x-holdfast-answered-by</c> header, such as <c>extractive</c> or <c>vllm-a</c>.</summary>
    string Name { get; }

    /// <summary>What it serves now. Cheap: called on the request path.</summary>
    IReadOnlyList<ServedModel> Models { get; }

    /// <summary>
    /// Answers one call as a stream of parts. The caller's fault, our limit and the world's fault all come as a last part with
    /// <see cref="AnswerPart.Fault"/>; only a defect of the backend itself throws. Cancelling closes what stands behind it.
    /// </summary>
    IAsyncEnumerable<AnswerPart> AnswerAsync(AnswerCall call, CancellationToken cancellationToken);
}
