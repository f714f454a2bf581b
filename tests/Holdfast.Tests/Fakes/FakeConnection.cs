using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Holdfast.Tests.Fakes;

/// <summary>The socket side of one connection.</summary>
internal sealed class FakeConnection(Socket socket, CancellationToken stopping)
{
    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    public bool IsClosed { get; set; }

    public CancellationToken Stopping => stopping;

    public async Task<FakeRequest?> ReadAsync()
    {
        int headEnd;
        while ((headEnd = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!await FillAsync())
            {
                return null;
            }
        }

        var head = Encoding.Latin1.GetString(_buffer, _start, headEnd + 4);
        _start += headEnd + 4;
        var length = ContentLength(head);
        while (_end - _start < length)
        {
            if (!await FillAsync())
            {
                return null;
            }
        }

        var body = _buffer.AsSpan(_start, length).ToArray();
        _start += length;
        return new FakeRequest(head, body);
    }

    /// <summary>Looks for the peer's leaving while the answer is written. Takes no bytes of a next request.</summary>
    public async Task WatchAsync(FakeRequest request)
    {
        var one = new byte[1];
        try
        {
            if (await socket.ReceiveAsync(one, SocketFlags.Peek, stopping) == 0 && !request.Answered.IsCompleted)
            {
                request.Abort();
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            if (!request.Answered.IsCompleted && !IsClosed && !stopping.IsCancellationRequested)
            {
                request.Abort();
            }
        }
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, stopping)..];
        }
    }

    public Task WriteAsync(string text) => WriteAsync(Encoding.UTF8.GetBytes(text));

    public Task WriteChunkAsync(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        return WriteAsync($"{bytes.ToString("x", CultureInfo.InvariantCulture)}\r\n{text}\r\n");
    }

    public Task WriteJsonAsync(int status, string body, string headers = "Content-Type: application/json\r\n") =>
        WriteAsync($"HTTP/1.1 {status} Status\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    /// <summary>Ends the connection after what has been written.</summary>
    public void Close()
    {
        IsClosed = true;
        socket.Shutdown(SocketShutdown.Send);
    }

    public void Reset()
    {
        IsClosed = true;
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    private async Task<bool> FillAsync()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None, stopping);
        _end += read;
        return read > 0;
    }

    private static int ContentLength(string head)
    {
        const string Name = "\r\nContent-Length:";
        var at = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return 0;
        }

        var value = head.AsSpan(at + Name.Length);
        return int.Parse(value[..value.IndexOf('\r')].Trim(), CultureInfo.InvariantCulture);
    }
}
