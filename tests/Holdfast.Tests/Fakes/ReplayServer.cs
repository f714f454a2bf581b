using System.Net;
using System.Net.Sockets;

namespace Holdfast.Tests.Fakes;

/// <summary>Answers each connection with recorded bytes, one send a recorded read, and ends as the recorded peer did.</summary>
internal sealed class ReplayServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _serving;

    public ReplayServer()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public RecordedExchange? Exchange { get; set; }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var socket = await _listener.AcceptSocketAsync(_stopping.Token);
                socket.NoDelay = true;
                await AnswerAsync(socket);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            Assert.True(_stopping.IsCancellationRequested, exception.ToString());
        }
    }

    private async Task AnswerAsync(Socket socket)
    {
        var connection = new FakeConnection(socket, _stopping.Token);
        if (await connection.ReadAsync() is null || Exchange is not { } exchange)
        {
            return;
        }

        foreach (var read in exchange.Wire)
        {
            await connection.WriteAsync(read);
        }

        if (exchange.EndsByReset)
        {
            connection.Reset();
        }
        else if (!exchange.EndsByEof)
        {
            // The recorded server kept the connection: wait for the client to end it.
            await connection.ReadAsync();
        }
    }
}
