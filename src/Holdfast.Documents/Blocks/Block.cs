namespace Holdfast.Documents.Blocks;

/// <summary>A block of the extracted text. <paramref name="Level"/> is 1 to 6 for a heading, else 0.</summary>
internal readonly record struct Block(BlockKind Kind, int Start, int Length, int Level)
{
    public int End => Start + Length;
}
