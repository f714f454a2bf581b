namespace Holdfast.Abstractions.Searching;

/// <summary>How a search ran.</summary>
/// <param name="Plan">The chosen plan in words.</param>
/// <param name="Matches">Passages that matched, before the best were taken.</param>
/// <param name="Microseconds">Time it took.</param>
public sealed record SearchExplanation(string Plan, int Matches, long Microseconds);
