using Holdfast.Abstractions.Searching;

namespace Holdfast.Dashboard.Views;

/// <summary>A passage that the answer cites, with the spans it cites.</summary>
/// <param name="Number">As marked in the answer.</param>
/// <param name="Passage">Where the spans come from.</param>
/// <param name="Quotes">The cited spans, in order.</param>
public sealed record AnswerSource(int Number, Passage Passage, IReadOnlyList<SourceQuote> Quotes);
