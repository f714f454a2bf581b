using Holdfast.Abstractions.Answering;

namespace Holdfast.Retrieval.Answering;

/// <summary>A whole answer, in the pieces that are streamed.</summary>
internal sealed record ExtractiveAnswer(IReadOnlyList<string> Pieces, IReadOnlyList<Citation> Citations, string FinishReason)
{
    public string Content { get; } = string.Concat(Pieces);
}
