namespace Holdfast.Engine.Kernels;

/// <summary>
/// Up to eight query rows that look at the same keys: the heads of one group, of one token or of a few that follow each other.
/// Row r sees the first <c>Lengths[r]</c> tokens.
/// </summary>
internal unsafe ref struct AttentionTile
{
    public const int RowsMax = 8;

    public int Rows;
    public float** Queries;
    public float** Outputs;
    public int* Lengths;

    /// <summary>Keys and values of one head: block b starts at Head + Blocks[b] x BlockStride bytes.</summary>
    public byte* Head;
    public int* Blocks;
    public long BlockStride;
    public int HeadSize;

    /// <summary>Tokens that the row sees which sees most.</summary>
    public readonly int LengthMax
    {
        get
        {
            var length = 0;
            for (var r = 0; r < Rows; r++)
            {
                length = Math.Max(length, Lengths[r]);
            }

            return length;
        }
    }
}
