namespace Holdfast.Engine.Gguf;

/// <summary>Where a tensor lies in its file.</summary>
/// <param name="Name">Its name, such as <c>blk.0.attn_q.weight</c>.</param>
/// <param name="Type">How its numbers are stored.</param>
/// <param name="RowLength">Numbers in a row: the first dimension in the file.</param>
/// <param name="Rows">All other dimensions multiplied.</param>
/// <param name="Offset">First byte, counted from the start of the file.</param>
public sealed record TensorInfo(string Name, TensorType Type, int RowLength, int Rows, long Offset)
{
    public long Numbers => (long)RowLength * Rows;

    public long RowBytes => TensorTypes.RowBytes(Type, RowLength);

    public long Bytes => RowBytes * Rows;
}
