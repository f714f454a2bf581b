namespace Holdfast.Abstractions.Searching;

/// <summary>Why a search could not run.</summary>
/// <param name="IsUnknownCollection">True: no such collection. False: the query itself is unusable.</param>
/// <param name="Param">The place at fault, such as <c>filters.filters[1].key</c>.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record SearchFault(bool IsUnknownCollection, string Param, string Message);
