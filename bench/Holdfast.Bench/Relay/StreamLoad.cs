using System.Buffers.Text;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Holdfast.Bench.Relay;

/// <summary>
/// 64 streams at a time, paced by the upstream (50 chunks a second, 200 chunks). Each chunk carries the moment of its sending, so the
/// delay is measured chunk by chunk: a proxy that gathers chunks looks cheap and is late.
/// </summary>
internal sealed class StreamLoad(string key, int chunksExpected)
{
    private const int Streams = 64;
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"model":"fake-model","messages":[{"role":"user","content":"why does the pump stop?"}],"stream":true}""");

    public async Task<RelaySample> RunAsync(RelayTarget target)
    {
        var before = target.ProcessId == 0 ? 0 : ProcessTree.CpuMicroseconds(target.ProcessId);
        var streams = await Task.WhenAll(Enumerable.Range(0, Streams).Select(_ => StreamAsync(target.Port)));
        var after = target.ProcessId == 0 ? 0 : ProcessTree.CpuMicroseconds(target.ProcessId);
        var delays = streams.SelectMany(static stream => stream).Order().ToArray();
        return new RelaySample(delays.Length, (after - before) / Math.Max(1, delays.Length), streams.Count(stream => stream.Count != chunksExpected), delays);
    }

    private async Task<List<double>> StreamAsync(int port)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization: Bearer {key}\r\nContent-Length: {Body.Length}\r\n\r\n"));
        await socket.SendAsync(Body);
        List<double> delays = new(chunksExpected);
        var buffer = new byte[64 * 1024];
        var filled = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(filled));
            var now = Stopwatch.GetTimestamp();
            filled += read;
            var used = Read(buffer.AsSpan(0, filled), now, delays);
            if (read == 0 || buffer.AsSpan(0, filled).IndexOf("[DONE]"u8) >= 0)
            {
                return delays;
            }

            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            filled -= used;
        }
    }

    // Whole lines only; the rest waits for the next read.
    private static int Read(ReadOnlySpan<byte> bytes, long now, List<double> delays)
    {
        var end = bytes.LastIndexOf((byte)'\n') + 1;
        var rest = bytes[..end];
        while (rest.IndexOf((byte)'@') is var at and >= 0)
        {
            rest = rest[(at + 1)..];
            if (Utf8Parser.TryParse(rest, out long sent, out _))
            {
                delays.Add(Stopwatch.GetElapsedTime(sent, now).TotalMilliseconds);
            }
        }

        return end;
    }
}
