using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Engine.Gguf;

/// <summary>
/// Reads the head of a file from front to back through one buffer, by positioned reads. No length that the file states is
/// believed before it fits the bytes that are left, so a lying file costs no memory.
/// </summary>
internal sealed class GgufCursor(SafeFileHandle handle, string file, long fileBytes)
{
    private const int BufferBytes = 1 << 16;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private long _bufferStart;
    private int _bufferFilled;
    private int _bufferUsed;

    public long Offset => _bufferStart + _bufferUsed;

    public long Left => fileBytes - Offset;

    public ModelFileException Fault(string fault, long? offset = null) => new(file, offset ?? Offset, fault);

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public float Float32() => BinaryPrimitives.ReadSingleLittleEndian(Take(4));

    public double Float64() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public bool Bool()
    {
        var value = Byte();
        return value <= 1 ? value == 1 : throw Fault($"a flag is {value}; it must be 0 or 1", Offset - 1);
    }

    /// <summary>A count of things of at least <paramref name="bytesEach"/> bytes, which must fit what is left of the file.</summary>
    public int Count(string what, int bytesEach)
    {
        var start = Offset;
        var count = UInt64();
        return count <= (ulong)(Left / bytesEach) && count <= int.MaxValue
            ? (int)count
            : throw Fault($"{count} {what} do not fit the {Left} bytes that follow", start);
    }

    public string Text(int bytesMax)
    {
        var start = Offset;
        var bytes = Count("bytes of a text", 1);
        if (bytes > bytesMax)
        {
            throw Fault($"a text of {bytes} bytes; the limit here is {bytesMax}", start);
        }

        if (bytes <= BufferBytes)
        {
            return Encoding.UTF8.GetString(Take(bytes));
        }

        var whole = new byte[bytes];
        Fill(whole);
        return Encoding.UTF8.GetString(whole);
    }

    public void Fill(Span<byte> target)
    {
        while (target.Length > 0)
        {
            var part = Math.Min(target.Length, BufferBytes);
            Take(part).CopyTo(target);
            target = target[part..];
        }
    }

    private ReadOnlySpan<byte> Take(int bytes)
    {
        if (_bufferFilled - _bufferUsed < bytes)
        {
            Refill(bytes);
        }

        var span = _buffer.AsSpan(_bufferUsed, bytes);
        _bufferUsed += bytes;
        return span;
    }

    private void Refill(int bytes)
    {
        if (Left < bytes)
        {
            throw Fault($"the file ends after {fileBytes} bytes, in the middle of its head");
        }

        var kept = _bufferFilled - _bufferUsed;
        _buffer.AsSpan(_bufferUsed, kept).CopyTo(_buffer);
        _bufferStart += _bufferUsed;
        _bufferUsed = 0;
        _bufferFilled = kept;
        while (_bufferFilled < bytes)
        {
            var read = RandomAccess.Read(handle, _buffer.AsSpan(_bufferFilled), _bufferStart + _bufferFilled);
            if (read == 0)
            {
                throw Fault("the file became shorter while it was read");
            }

            _bufferFilled += read;
        }
    }
}
