using Holdfast.Engine.Gguf;
using Holdfast.Engine.Kernels;

namespace Holdfast.Engine.Models;

/// <summary>The tensors that a model must have and may have, and their shapes. A file is held against it before its first weight is read.</summary>
internal sealed class TensorLayout
{
    // Vectors and tables become floats in one piece. The largest of the published encoders' tables, 8192 positions of 1024, have a thirtieth of this.
    private const long FloatsMax = 1 << 28;

    private readonly Dictionary<string, Wanted> _wanted = new(StringComparer.Ordinal);

    /// <summary>A matrix for products: its rows are cut into blocks of 32.</summary>
    public void Matrix(string name, int rows, int columns, bool isOptional = false) => _wanted.Add(name, new Wanted(rows, columns, true, isOptional));

    /// <summary>A vector, or a small table row by row.</summary>
    public void Floats(string name, int length, int rows = 1, bool isOptional = false) => _wanted.Add(name, new Wanted(rows, length, false, isOptional));

    /// <summary>Throws <see cref="ModelFileException"/> for a tensor that is missing, has another shape, or that nobody knows: it may change what the model means.</summary>
    public void Check(GgufFile file)
    {
        foreach (var (name, wanted) in _wanted)
        {
            if (wanted.IsOptional && file.Find(name) is null)
            {
                continue;
            }

            var tensor = file.Need(name);
            if (tensor.Rows != wanted.Rows || tensor.RowLength != wanted.Columns)
            {
                throw Fault(file, tensor, $"it has {tensor.Rows} rows of {tensor.RowLength}; the metadata asks for {wanted.Rows} of {wanted.Columns}");
            }

            if (!wanted.IsMatrix && tensor.Numbers > FloatsMax)
            {
                throw Fault(file, tensor, $"a table of {tensor.Numbers} numbers; the limit is {FloatsMax}");
            }

            if (wanted.IsMatrix && wanted.Columns % Activations.BlockLength != 0)
            {
                throw Fault(file, tensor, $"rows of {wanted.Columns} are no multiple of {Activations.BlockLength}");
            }
        }

        foreach (var tensor in file.Tensors)
        {
            if (!_wanted.ContainsKey(tensor.Name))
            {
                throw Fault(file, tensor, $"this engine does not know what it is for in the architecture {file.Metadata.Text("general.architecture")}");
            }
        }
    }

    private static ModelFileException Fault(GgufFile file, TensorInfo tensor, string fault) => new(file.Path, tensor.Offset, $"tensor {tensor.Name}: {fault}");

    private readonly record struct Wanted(int Rows, int Columns, bool IsMatrix, bool IsOptional);
}
