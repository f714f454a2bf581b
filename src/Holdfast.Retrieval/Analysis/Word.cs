namespace Holdfast.Retrieval.Analysis;

/// <summary>One word of a text: where it stands, in UTF-16 units, and how many words stand before it.</summary>
/// <param name="Start">First unit.</param>
/// <param name="Length">Units.</param>
/// <param name="Position">Place among the words. The parts of a compound have places of their own, the whole has that of its first part.</param>
/// <param name="Shape">What it is made of.</param>
internal readonly record struct Word(int Start, int Length, int Position, WordShape Shape);
