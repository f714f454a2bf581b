namespace Holdfast.Documents.Chunking;

/// <summary>The smallest piece that is not cut: a sentence, a line of code, a row. <paramref name="Tokens"/> is an estimate.</summary>
internal readonly record struct TextUnit(int Start, int Length, int Words, int Tokens, bool IsHeading, int Section)
{
    public int End => Start + Length;
}
