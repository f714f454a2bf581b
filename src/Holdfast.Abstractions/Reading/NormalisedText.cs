namespace Holdfast.Abstractions.Reading;

/// <summary>The view of a text, with what was left out of it.</summary>
public sealed record NormalisedText(string Text, IReadOnlyList<RuleCount> Changes);
