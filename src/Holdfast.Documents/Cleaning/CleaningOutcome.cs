using Holdfast.Abstractions.Reading;

namespace Holdfast.Documents.Cleaning;

/// <summary>The cleaned text with its structure carried over, and what was changed.</summary>
internal sealed record CleaningOutcome(CleaningInput Output, IReadOnlyList<RuleCount> Counts, IReadOnlyList<TextEdit> Edits);
