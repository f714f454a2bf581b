namespace Holdfast.Gateway.Exchanges;

/// <summary>Keeps the first bytes of a body up to a bound and counts the rest, so that a long answer costs a bounded record.</summary>
internal sealed class KeptBytes
{
    private byte[] _bytes = [];
    private int _kept;

    /// <summary>Bytes to keep; set before the first byte is added.</summary>
    public int Max { get; set; } = 1 << 20;

    /// <summary>Bytes on the wire.</summary>
    public long Total { get; private set; }

    public ReadOnlyMemory<byte> Kept => _bytes.AsMemory(0, _kept);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        Total += bytes.Length;
        var take = Math.Min(bytes.Length, Max - _kept);
        if (take <= 0)
        {
            return;
        }

        if (_kept + take > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Min(Max, Math.Max(_kept + take, _bytes.Length * 2)));
        }

        bytes[..take].CopyTo(_bytes.AsSpan(_kept));
        _kept += take;
    }

    public void Clear()
    {
        _kept = 0;
        Total = 0;
    }
}
