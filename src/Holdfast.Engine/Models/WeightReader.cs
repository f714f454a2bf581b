using Holdfast.Engine.Gguf;
using Holdfast.Engine.Kernels;
using Holdfast.Engine.Quantising;

namespace Holdfast.Engine.Models;

/// <summary>Takes the tensors of a file one by one, checks their shapes, packs matrices, and remembers which ones nobody took.</summary>
internal sealed class WeightReader(GgufFile file)
{
    /// <summary>Rows are read in pieces of about this size, so that loading needs little memory beside the weights.</summary>
    private const int PieceBytes = 1 << 20;

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public GgufFile File => file;

    public bool Has(string name) => file.Find(name) is not null;

    public PackedMatrix Matrix(string name, int rows, int columns)
    {
        var tensor = Take(name, rows, columns);
        if (columns % Activations.BlockLength != 0)
        {
            throw Fault(tensor, $"rows of {columns} are no multiple of {Activations.BlockLength}");
        }

        var matrix = new PackedMatrix(tensor.Type, rows, columns);
        var panelBytes = Lanes.Width * tensor.RowBytes;
        var panelsPerPiece = (int)Math.Max(1, PieceBytes / panelBytes);
        Parallel.For(0, (matrix.Panels + panelsPerPiece - 1) / panelsPerPiece, piece => Pack(tensor, matrix, piece * panelsPerPiece, panelsPerPiece));
        return matrix;
    }

    public PackedMatrix? TryMatrix(string name, int rows, int columns) => Has(name) ? Matrix(name, rows, columns) : null;

    /// <summary>A vector, or a small table row by row, as floats.</summary>
    public NativeBuffer Floats(string name, int length, int rows = 1)
    {
        var tensor = Take(name, rows, length);
        var buffer = NativeBuffer.OfFloats((long)length * rows);
        BlockCodecs.DecodeRow(tensor.Type, file.Read(tensor), buffer.AsFloats);
        return buffer;
    }

    public NativeBuffer? TryFloats(string name, int length) => Has(name) ? Floats(name, length) : null;

    /// <summary>A tensor that we do not know may change what the model means: such a file is refused.</summary>
    public void RefuseTheRest()
    {
        foreach (var tensor in file.Tensors)
        {
            if (!_taken.Contains(tensor.Name))
            {
                throw Fault(tensor, $"this engine does not know what it is for in the architecture {file.Metadata.Text("general.architecture")}");
            }
        }
    }

    private ModelFileException Fault(TensorInfo tensor, string fault) => new(file.Path, tensor.Offset, $"tensor {tensor.Name}: {fault}");

    private TensorInfo Take(string name, int rows, int columns)
    {
        var tensor = file.Need(name);
        _taken.Add(name);
        return tensor.Rows == rows && tensor.RowLength == columns
            ? tensor
            : throw Fault(tensor, $"it has {tensor.Rows} rows of {tensor.RowLength}; the metadata asks for {rows} of {columns}");
    }

    private void Pack(TensorInfo tensor, PackedMatrix matrix, int panel, int panels)
    {
        var firstRow = panel * Lanes.Width;
        var rows = Math.Min(panels * Lanes.Width, matrix.Rows - firstRow);
        var rowBytes = (int)tensor.RowBytes;
        var bytes = new byte[rows * rowBytes];
        file.Read(tensor, (long)firstRow * rowBytes, bytes);
        for (var r = 0; r < rows; r++)
        {
            matrix.PackRow(firstRow + r, bytes.AsSpan(r * rowBytes, rowBytes));
        }
    }
}
