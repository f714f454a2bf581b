using Holdfast.Abstractions.Searching;

namespace Holdfast.Abstractions.Answering;

/// <summary>Ties a span of the answer to a span of a document. All offsets are UTF-16 units.</summary>
/// <param name="AnswerStart">First unit of the span in the answer's content.</param>
/// <param name="AnswerEnd">One past the last unit of the span in the answer's content.</param>
/// <param name="Passage">The passage it comes from.</param>
/// <param name="Start">First unit of the cited span in the document's extracted text.</param>
/// <param name="Length">Units of the cited span in the document's extracted text.</param>
/// <param name="Text">The cited span.</param>
public sealed record Citation(int AnswerStart, int AnswerEnd, Passage Passage, int Start, int Length, string Text);
