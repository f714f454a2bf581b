namespace Holdfast.Documents.Chunking;

/// <summary>A piece of a text.</summary>
internal readonly record struct TextSpan(int Start, int Length)
{
    public int End => Start + Length;
}
