using System.Runtime.ExceptionServices;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Kernels;
using Holdfast.Engine.Quantising;

namespace Holdfast.Engine.Models;

/// <summary>Takes the tensors of a file, whose layout was checked, one by one and packs matrices.</summary>
internal sealed class WeightReader(GgufFile file)
{
    /// <summary>Rows are read in pieces of about this size, so that loading needs little memory beside the weights.</summary>
    private const int PieceBytes = 1 << 20;

    public GgufFile File => file;

    public PackedMatrix Matrix(string name)
    {
        var tensor = file.Need(name);
        var matrix = new PackedMatrix(tensor.Type, tensor.Rows, tensor.RowLength);
        var panelBytes = Lanes.Width * tensor.RowBytes;
        var panelsPerPiece = (int)Math.Max(1, PieceBytes / panelBytes);
        try
        {
            Parallel.For(0, (matrix.Panels + panelsPerPiece - 1) / panelsPerPiece, piece => Pack(tensor, matrix, piece * panelsPerPiece, panelsPerPiece));
        }
        catch (AggregateException faults) when (faults.InnerExceptions.OfType<ModelFileException>().MinBy(fault => fault.Offset) is { } first)
        {
            matrix.Dispose();
            ExceptionDispatchInfo.Throw(first);
        }

        return matrix;
    }

    public PackedMatrix? TryMatrix(string name) => file.Find(name) is null ? null : Matrix(name);

    /// <summary>A vector, or a small table row by row, as floats.</summary>
    public NativeBuffer Floats(string name)
    {
        var tensor = file.Need(name);
        var bytes = file.Read(tensor);
        CheckFinite(tensor, 0, bytes);
        var buffer = NativeBuffer.OfFloats(tensor.Numbers);
        BlockCodecs.DecodeRow(tensor.Type, bytes, buffer.AsFloats);
        return buffer;
    }

    public NativeBuffer? TryFloats(string name) => file.Find(name) is null ? null : Floats(name);

    private void Pack(TensorInfo tensor, PackedMatrix matrix, int panel, int panels)
    {
        var firstRow = panel * Lanes.Width;
        var rows = Math.Min(panels * Lanes.Width, matrix.Rows - firstRow);
        var rowBytes = (int)tensor.RowBytes;
        var bytes = new byte[rows * rowBytes];
        file.Read(tensor, (long)firstRow * rowBytes, bytes);
        CheckFinite(tensor, (long)firstRow * rowBytes, bytes);
        for (var r = 0; r < rows; r++)
        {
            matrix.PackRow(firstRow + r, bytes.AsSpan(r * rowBytes, rowBytes));
        }
    }

    private void CheckFinite(TensorInfo tensor, long start, ReadOnlySpan<byte> bytes)
    {
        if (WeightBits.FirstNotFinite(tensor.Type, bytes) is var at and >= 0)
        {
            throw new ModelFileException(file.Path, tensor.Offset + start + at, $"tensor {tensor.Name}: a number here is not finite: the weights are damaged; compare the file's SHA-256 with its source");
        }
    }
}
