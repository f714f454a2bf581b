namespace Holdfast.Documents.Cleaning.Rules;

/// <summary>A line of a page with the numbers in it. <paramref name="Page"/> counts from 0.</summary>
internal readonly record struct PageLine(int Page, int Start, int Length, List<int> Numbers);
