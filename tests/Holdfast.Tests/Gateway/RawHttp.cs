using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Holdfast.Tests.Gateway;

/// <summary>Sends bytes that no well-behaved client would, and reads the answer to the end of the connection.</summary>
internal sealed class RawHttp : IAsyncDisposable
{
    private readonly TcpClient _client = new();

    public NetworkStream Stream => _client.GetStream();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<RawHttp> OpenAsync(GatewayHost host)
    {
        var raw = new RawHttp();
        await raw._client.ConnectAsync(host.Address.Host, host.Address.Port, Token);
        return raw;
    }

    public static string Head(GatewayHost host, string method, string path, params string[] headers)
    {
        var text = new StringBuilder($"{method} {path} HTTP/1.1\r\nHost: {host.Address.Authority}\r\nAuthorization: Bearer {GatewayHost.AdminKey}\r\n");
        foreach (var header in headers)
        {
            text.Append(header).Append("\r\n");
        }

        return text.Append("\r\n").ToString();
    }

    public Task SendAsync(string text) => Stream.WriteAsync(Encoding.Latin1.GetBytes(text), Token).AsTask();

    /// <summary>One answer, by its Content-Length; else to the end of the connection.</summary>
    public async Task<(int Status, string Text)> ReadAsync()
    {
        var text = new StringBuilder();
        var buffer = new byte[64 << 10];
        while (!IsWhole(text.ToString()))
        {
            int read;
            try
            {
                read = await Stream.ReadAsync(buffer, Token);
            }
            catch (IOException) when (text.Length > 0)
            {
                // A reset after the answer: the server did not want the rest of the body.
                break;
            }

            if (read == 0)
            {
                break;
            }

            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        var all = text.ToString();
        return (all.Length > 12 ? int.Parse(all.AsSpan(9, 3), CultureInfo.InvariantCulture) : 0, all);
    }

    /// <summary>Ends the connection as a killed client does: with a reset, not with an end.</summary>
    public void Reset()
    {
        _client.LingerState = new LingerOption(enable: true, seconds: 0);
        _client.Close();
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static bool IsWhole(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var at = text.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
        if (end < 0 || at < 0 || at > end)
        {
            return false;
        }

        var length = int.Parse(text.AsSpan((at + 16)..text.IndexOf((char)13, at)), CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetByteCount(text[(end + 4)..]) >= length;
    }
}
