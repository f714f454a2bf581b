namespace Holdfast.Verbs;

/// <summary>Where each half of the search put a passage, from 1; absent when it did not find it.</summary>
internal sealed record SearchRanks(int? Lexical, int? Vector);
