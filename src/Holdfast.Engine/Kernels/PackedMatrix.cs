using Holdfast.Engine.Gguf;

namespace Holdfast.Engine.Kernels;

/// <summary>
/// A weight matrix in the layout the kernels read: panels of 16 rows, each a run of line blocks and a run of scales. It takes the
/// bytes of the file's tensor (K types 1.03 of them); rows are padded with zeros to a multiple of 16.
/// </summary>
internal sealed unsafe class PackedMatrix : IDisposable
{
    private readonly NativeBuffer _lines;
    private readonly NativeBuffer _scales;

    public PackedMatrix(TensorType type, int rows, int columns)
    {
        Type = type;
        Rows = rows;
        Columns = columns;
        Panels = (rows + Lanes.Width - 1) / Lanes.Width;
        PanelLineBytes = (long)Blocks * MatrixPacker.LineBlockBytes(type);
        PanelScaleBytes = MatrixPacker.PanelScaleBytes(type, Blocks);
        _lines = new NativeBuffer(Panels * PanelLineBytes);
        _scales = new NativeBuffer(Panels * PanelScaleBytes);
    }

    public TensorType Type { get; }

    public int Rows { get; }

    public int Columns { get; }

    public int Panels { get; }

    public int RowsPadded => Panels * Lanes.Width;

    public int Blocks => Columns / Activations.BlockLength;

    public bool IsFloat => Type is TensorType.F32 or TensorType.F16 or TensorType.BF16;

    public long PanelLineBytes { get; }

    public long PanelScaleBytes { get; }

    public long Bytes => Panels * (PanelLineBytes + PanelScaleBytes);

    /// <summary>Packs one row of the file's bytes.</summary>
    public void PackRow(int row, ReadOnlySpan<byte> bytes) =>
        MatrixPacker.PackRow(Type, bytes, Panel(row / Lanes.Width), row % Lanes.Width);

    public PanelView Panel(int panel) =>
        new(_lines.Start + panel * PanelLineBytes, _scales.Start + panel * PanelScaleBytes, Blocks);

    /// <summary>Gathers one row as floats, for embeddings: the values that the file's definition gives.</summary>
    public void DecodeRow(int row, Span<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, Columns, nameof(values));
        fixed (float* p = values)
        {
            MatrixPacker.DecodeRow(Type, Panel(row / Lanes.Width), row % Lanes.Width, p);
        }
    }

    public void Dispose()
    {
        _lines.Dispose();
        _scales.Dispose();
    }
}
