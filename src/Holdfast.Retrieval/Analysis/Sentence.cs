namespace Holdfast.Retrieval.Analysis;

/// <summary>A sentence, list item, table row or run of code lines: where it stands, without the space around it, and its words.</summary>
internal readonly record struct Sentence(int Start, int Length, int Words);
