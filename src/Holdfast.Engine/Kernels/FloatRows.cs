namespace Holdfast.Engine.Kernels;

/// <summary>Rows of floats outside the managed heap.</summary>
internal sealed unsafe class FloatRows(int rows, int length) : IDisposable
{
    private readonly NativeBuffer _buffer = NativeBuffer.OfFloats((long)rows * length);

    public int Length => length;

    public long Bytes => _buffer.Bytes;

    public Span<float> this[int row] => new(Pointer(row), length);

    /// <summary>Several rows, one after another.</summary>
    public Span<float> Rows(int first, int count) => new(Pointer(first), checked(count * length));

    public float* Pointer(int row) => _buffer.Floats + (long)row * length;

    public void Dispose() => _buffer.Dispose();
}
