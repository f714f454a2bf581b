using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;

namespace Holdfast.Tests.Fakes;

/// <summary>
/// A hub of model files on two loopback ports: one lists repositories and redirects, the other has the bytes, as the real one does with
/// another host. It answers well by default and misbehaves as its <see cref="Script"/> says. It keeps what it received.
/// </summary>
public sealed class FakeHub : IAsyncDisposable
{
    public const string Repository = "some-one/tiny-GGUF";
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly TcpListener _hub = new(IPAddress.Loopback, 0);
    private readonly TcpListener _store = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Socket, Task> _connections = new();
    private readonly ConcurrentQueue<HubCall> _received = new();
    private readonly Task _accepting;

    public FakeHub()
    {
        _hub.Start();
        _store.Start();
        _accepting = Task.WhenAll(AcceptAsync(_hub, isStore: false), AcceptAsync(_store, isStore: true));
    }

    public string Url => $"http://127.0.0.1:{Port(_hub)}";

    /// <summary>The files of the repository by path.</summary>
    public ConcurrentDictionary<string, byte[]> Files { get; } = new();

    public string? Licence { get; set; } = "apache-2.0";

    /// <summary>The token without which nothing is given.</summary>
    public string? NeedsToken { get; set; }

    /// <summary>Asked for each request, with the number of those before it.</summary>
    public Func<HubCall, int, HubFault> Script { get; set; } = static (_, _) => HubFault.None;

    public IReadOnlyList<HubCall> Received => [.. _received];

    public static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static string TagOf(byte[] bytes) => $"\"store-{Digest(bytes)[..16]}\"";

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _hub.Dispose();
        _store.Dispose();
        await _accepting;
        foreach (var socket in _connections.Keys)
        {
            socket.Dispose();
        }

        await Task.WhenAll(_connections.Values);
        _stopping.Dispose();
    }

    private static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private async Task AcceptAsync(TcpListener listener, bool isStore)
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync(_stopping.Token);
                var started = new TaskCompletionSource();
                _connections[socket] = ServeAsync(socket, isStore, started.Task);
                started.SetResult();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The fake is being stopped: no more connections.
            await Task.CompletedTask;
        }
    }

    private async Task ServeAsync(Socket socket, bool isStore, Task registered)
    {
        await registered;
        var connection = new FakeConnection(socket, _stopping.Token);
        try
        {
            while (!connection.IsClosed && await connection.ReadAsync() is { } request)
            {
                var call = new HubCall(request, isStore);
                var fault = Script(call, _received.Count);
                _received.Enqueue(call);
                await AnswerAsync(connection, call, fault);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // The peer left, or the fake is being stopped.
            connection.IsClosed = true;
        }
        finally
        {
            socket.Dispose();
            _connections.TryRemove(socket, out _);
        }
    }

    private Task AnswerAsync(FakeConnection connection, HubCall call, HubFault fault)
    {
        var path = Uri.UnescapeDataString(call.Request.Path.Split('?')[0]);
        if (fault.Status is { } status)
        {
            return connection.WriteJsonAsync(status, "{}", fault.Headers);
        }

        if (!call.IsStore && NeedsToken is { } token && call.Header("Authorization") != $"Bearer {token}")
        {
            return connection.WriteJsonAsync(401, """{"error":"gated"}""", "X-Error-Code: GatedRepo\r\n");
        }

        if (path == $"/api/models/{Repository}")
        {
            return connection.WriteJsonAsync(200, fault.Listing ?? Listing());
        }

        if (!call.IsStore && path.StartsWith($"/{Repository}/resolve/", StringComparison.Ordinal) && Files.TryGetValue(path.Split('/', 6)[5], out var linked))
        {
            var place = $"http://127.0.0.1:{Port(_store)}/{Digest(linked)}?Signature=secret";
            return connection.WriteJsonAsync(302, "{}", $"Location: {place}\r\nX-Linked-Etag: \"{Digest(linked)}\"\r\nX-Repo-Commit: {Commit}\r\n");
        }

        return call.IsStore && Files.Values.FirstOrDefault(bytes => Digest(bytes) == path[1..]) is { } bytes
            ? SendAsync(connection, call, fault, bytes)
            : connection.WriteJsonAsync(404, "{}", "X-Error-Code: EntryNotFound\r\n");
    }

    private string Listing() => JsonSerializer.Serialize(new
    {
        sha = Commit,
        cardData = new { license = Licence },
        siblings = Files.Select(file => new { rfilename = file.Key, size = file.Value.Length, lfs = new { sha256 = Digest(file.Value), size = file.Value.Length } }).OrderBy(file => file.rfilename, StringComparer.Ordinal),
    });

    private static async Task SendAsync(FakeConnection connection, HubCall call, HubFault fault, byte[] bytes)
    {
        var asked = call.Header("Range") is { } range && (call.Header("If-Range") ?? TagOf(bytes)) == TagOf(bytes) && !fault.IgnoresRange
            ? int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture)
            : 0;
        var start = fault.StartsAt ?? asked;
        if (start >= bytes.Length)
        {
            await connection.WriteJsonAsync(416, "", $"Content-Range: bytes */{bytes.Length}\r\n");
            return;
        }

        var body = bytes.AsSpan(start).ToArray();
        if (fault.Corrupts)
        {
            body[^1] ^= 1;
        }

        var head = start > 0 ? $"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {start}-{bytes.Length - 1 + fault.LiesBy}/{bytes.Length + fault.LiesBy}\r\n" : "HTTP/1.1 200 OK\r\n";
        head += $"ETag: {TagOf(bytes)}\r\n";
        if (fault.ChunkedWithExtra is { } extra)
        {
            await connection.WriteAsync($"{head}Transfer-Encoding: chunked\r\n\r\n{(body.Length + extra).ToString("x", CultureInfo.InvariantCulture)}\r\n");
            await connection.WriteAsync(body);
            await connection.WriteAsync(new byte[extra]);
            await connection.WriteAsync("\r\n0\r\n\r\n");
            return;
        }

        await connection.WriteAsync($"{head}Content-Length: {body.Length + fault.LiesBy}\r\n\r\n");
        await connection.WriteAsync(body.AsMemory(0, Math.Min(body.Length, fault.CutAfter ?? fault.SilentAfter ?? body.Length)));
        if (fault.CutAfter is not null)
        {
            connection.Close();
        }
    }
}
