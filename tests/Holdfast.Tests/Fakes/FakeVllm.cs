using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Holdfast.Tests.Fakes;

/// <summary>
/// An inference server on a loopback port, made of plain sockets so that it can break every rule: it wears one of four faces,
/// answers well by default, and misbehaves as its <see cref="Script"/> says. It keeps what it received.
/// </summary>
public sealed class FakeVllm : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Socket, Task> _connections = new();
    private readonly Channel<FakeRequest> _arrivals = Channel.CreateUnbounded<FakeRequest>();
    private readonly ConcurrentQueue<FakeRequest> _received = new();
    private readonly Task _accepting;

    private FakeVllm(FakeFace face, int port)
    {
        Face = face;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start(1024);
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public FakeFace Face { get; }

    public int Port { get; }

    public string Url => $"http://127.0.0.1:{Port}";

    public string Model { get; init; } = "fake-model";

    /// <summary>Asked for each call to a model; the lists of models are always answered.</summary>
    public Func<FakeRequest, FakeScript> Script { get; set; } = static _ => FakeScript.Well;

    /// <summary>Answers GET requests with 503 "Loading model", as llama.cpp does on every route while it loads.</summary>
    public bool IsLoading { get; set; }

    /// <summary>False: nothing is kept (for benchmarks, whose memory must not grow).</summary>
    public bool Keeps { get; init; } = true;

    /// <summary>Calls to a model, oldest first.</summary>
    public IReadOnlyList<FakeRequest> Received => [.. _received];

    public static FakeVllm Start(FakeFace face = FakeFace.Vllm, int port = 0, string model = "fake-model", bool keeps = true) => new(face, port) { Model = model, Keeps = keeps };

    /// <summary>A loopback port on which nobody listens.</summary>
    public static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The next call that arrives.</summary>
    public ValueTask<FakeRequest> NextAsync(CancellationToken cancellationToken) => _arrivals.Reader.ReadAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        foreach (var socket in _connections.Keys)
        {
            socket.Dispose();
        }

        await Task.WhenAll(_connections.Values);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stopping.Token);
                socket.NoDelay = true;
                var started = new TaskCompletionSource();
                _connections[socket] = ServeAsync(socket, started.Task);
                started.SetResult();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            _arrivals.Writer.TryComplete();
        }
    }

    private async Task ServeAsync(Socket socket, Task registered)
    {
        await registered;
        var connection = new FakeConnection(socket, _stopping.Token);
        try
        {
            while (await connection.ReadAsync() is { } request)
            {
                var watching = connection.WatchAsync(request);
                await AnswerAsync(connection, request);
                request.Done();
                if (connection.IsClosed)
                {
                    break;
                }

                await watching;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // The peer left, or the fake is being stopped: FakeRequest.Aborted tells the test.
            connection.IsClosed = true;
        }
        finally
        {
            socket.Dispose();
            _connections.TryRemove(socket, out _);
        }
    }

    private async Task AnswerAsync(FakeConnection connection, FakeRequest request)
    {
        if (request.Method == "GET")
        {
            await AnswerGetAsync(connection, request);
            return;
        }

        if (Keeps)
        {
            _received.Enqueue(request);
            _arrivals.Writer.TryWrite(request);
        }

        await new FakeAnswer(connection, Face, Model, request, Script(request)).WriteAsync();
    }

    private Task AnswerGetAsync(FakeConnection connection, FakeRequest request)
    {
        if (IsLoading)
        {
            return connection.WriteJsonAsync(503, """{"error":{"message":"Loading model","type":"unavailable_error","code":503}}""");
        }

        return request.Path switch
        {
            "/v1/models" => connection.WriteJsonAsync(200, FakeVoice.Models(Face, Model)),
            "/props" when Face == FakeFace.Llama => connection.WriteJsonAsync(200, FakeVoice.Props),
            _ => connection.WriteJsonAsync(404, """{"detail":"Not Found"}"""),
        };
    }
}
