using System.Buffers;

namespace Holdfast.Gateway.Sse;

/// <summary>
/// Cuts a stream of server-sent events into events, wherever the reads were split. Lines end with LF, CRLF or CR; comments,
/// other fields and a byte order mark are passed over.
/// Cost: each byte is searched once and copied once (into the event's own array, one allocation an event); an event split over
/// many reads is not searched again.
/// </summary>
internal sealed class SseReader(int eventBytesMax) : IDisposable
{
    private const int BufferBytes = 16 * 1024;
    private const int BufferKeptBytes = 256 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private byte[]? _data;
    private int _start;
    private int _end;
    private int _searched;
    private bool _isErrorEvent;
    private bool _skipsLineFeed;
    private bool _isPastMark;

    /// <summary>Bytes read that belong to no event yet.</summary>
    public int BytesPending => _end - _start + (_data?.Length ?? 0);

    /// <summary>Room for the next read; <see cref="Filled"/> says how much of it was used.</summary>
    public Memory<byte> Room()
    {
        if (_start == _end)
        {
            _start = _end = _searched = 0;
            if (_buffer.Length > BufferKeptBytes)
            {
                Swap(ArrayPool<byte>.Shared.Rent(BufferBytes));
            }
        }
        else if (_end == _buffer.Length)
        {
            MakeRoom();
        }

        return _buffer.AsMemory(_end);
    }

    public void Filled(int bytes) => _end += bytes;

    public SseRead TryRead(out SseEvent found)
    {
        found = default;
        while (true)
        {
            if (!TryReadLine(out var line))
            {
                return BytesPending > eventBytesMax ? SseRead.TooLong : SseRead.NeedsMore;
            }

            if (!line.IsEmpty)
            {
                TakeField(line);
                if (_data?.Length > eventBytesMax)
                {
                    return SseRead.TooLong;
                }
            }
            else if (TryTake(out found))
            {
                return SseRead.Event;
            }
        }
    }

    /// <summary>The stream has ended: what stands unfinished is the last event. Some servers leave out its empty line.</summary>
    public bool TryReadRest(out SseEvent found)
    {
        if (_end > _start)
        {
            TakeField(_buffer.AsSpan(_start, _end - _start));
            _start = _end = _searched = 0;
        }

        return TryTake(out found);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _start = _end = _searched = 0;
    }

    private bool TryTake(out SseEvent found)
    {
        found = new SseEvent(_data, _isErrorEvent);
        var has = _data is not null;
        _data = null;
        _isErrorEvent = false;
        return has;
    }

    private bool TryReadLine(out ReadOnlySpan<byte> line)
    {
        if (_skipsLineFeed && _start < _end)
        {
            // The CR ended the line; the LF of a CRLF that was split between two reads still has to go.
            _skipsLineFeed = false;
            if (_buffer[_start] == (byte)'\n')
            {
                _start++;
            }
        }

        _searched = Math.Max(_searched, _start);
        var at = _buffer.AsSpan(_searched, _end - _searched).IndexOfAny((byte)'\n', (byte)'\r');
        if (at < 0)
        {
            _searched = _end;
            line = default;
            return false;
        }

        var end = _searched + at;
        line = _buffer.AsSpan(_start, end - _start);
        _skipsLineFeed = _buffer[end] == (byte)'\r';
        _start = _searched = end + 1;
        if (!_isPastMark)
        {
            line = WithoutMark(line);
        }

        return true;
    }

    private ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> line)
    {
        _isPastMark = true;
        return line.StartsWith("\uFEFF"u8) ? line[3..] : line;
    }

    private void TakeField(ReadOnlySpan<byte> line)
    {
        if (!_isPastMark)
        {
            line = WithoutMark(line);
        }

        if (line.StartsWith("data"u8))
        {
            line = line[4..];
            if (line.IsEmpty || line[0] == (byte)':')
            {
                AddData(Value(line));
            }
        }
        else if (line.StartsWith("event:"u8))
        {
            _isErrorEvent = Value(line[5..]).SequenceEqual("error"u8);
        }
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> afterName)
    {
        if (afterName.IsEmpty)
        {
            return afterName;
        }

        return afterName.Length > 1 && afterName[1] == (byte)' ' ? afterName[2..] : afterName[1..];
    }

    private void AddData(ReadOnlySpan<byte> value)
    {
        if (_data is null)
        {
            _data = value.ToArray();
            return;
        }

        // Two data lines in one event are rare; the copy keeps the usual case at one allocation.
        var joined = new byte[_data.Length + 1 + value.Length];
        _data.CopyTo(joined, 0);
        joined[_data.Length] = (byte)'\n';
        value.CopyTo(joined.AsSpan(_data.Length + 1));
        _data = joined;
    }

    private void MakeRoom()
    {
        var length = _end - _start;
        var next = length > _buffer.Length / 2 ? ArrayPool<byte>.Shared.Rent(_buffer.Length * 2) : _buffer;
        _buffer.AsSpan(_start, length).CopyTo(next);
        _searched -= _start;
        _start = 0;
        _end = length;
        if (next != _buffer)
        {
            Swap(next);
        }
    }

    private void Swap(byte[] next)
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = next;
    }
}
