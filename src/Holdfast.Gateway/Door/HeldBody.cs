using Holdfast.Traffic.Admission;

namespace Holdfast.Gateway.Door;

/// <summary>A body of unknown length on its way in: what was read of it, up to what its path keeps in memory, is counted with all others.</summary>
internal sealed class HeldBody(Stream body, ByteLimit bodies, ByteLease lease, long heldMax) : Stream
{
    private long _held;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Counted(await body.ReadAsync(buffer, cancellationToken));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Counted(body.Read(buffer, offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Counted(int read)
    {
        var more = Math.Min(read, heldMax - _held);
        if (!lease.TryGrow(more))
        {
            throw BodyHold.Full(bodies, _held + more);
        }

        _held += more;
        return read;
    }
}
