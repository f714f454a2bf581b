using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Holdfast.Tests.Fakes;

namespace Holdfast.Bench.Relay;

/// <summary>20 clients leave in each of four states; how long until the upstream sees it.</summary>
internal static class CancelLoad
{
    private const int Clients = 20;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(4);

    public static async Task RunAsync(FakeVllm fake, RelayTarget target, string key)
    {
        (string State, FakeFault Fault, bool IsStream)[] states =
        [
            ("queued at the upstream (head came)", FakeFault.StallAfterHead, true),
            ("before the first byte", FakeFault.StallBeforeHead, true),
            ("in mid-stream", FakeFault.Stall, true),
            ("not streamed", FakeFault.StallBeforeHead, false),
        ];
        foreach (var (state, fault, isStream) in states)
        {
            fake.Script = _ => FakeScript.With(fault);
            List<double> seen = [];
            for (var i = 0; i < Clients; i++)
            {
                if (await LeaveAsync(fake, target.Port, key, isStream, fault == FakeFault.Stall) is { } delay)
                {
                    seen.Add(delay);
                }
            }

            seen.Sort();
            Console.WriteLine($"{target.Name,-10} {state,-36} seen {seen.Count}/{Clients}, within 100 ms {seen.Count(static delay => delay <= 100)}, median {(seen.Count == 0 ? 0 : seen[seen.Count / 2]):0.0} ms, slowest {(seen.Count == 0 ? 0 : seen[^1]):0.0} ms");
        }
    }

    private static async Task<double?> LeaveAsync(FakeVllm fake, int port, string key, bool isStream, bool waitsForContent)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port);
        var body = $$"""{"model":"cancel-model","messages":[{"role":"user","content":"hi"}],"stream":{{(isStream ? "true" : "false")}}}""";
        await socket.SendAsync(Encoding.ASCII.GetBytes($"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization: Bearer {key}\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        var request = await fake.NextAsync(CancellationToken.None);
        if (waitsForContent)
        {
            await socket.ReceiveAsync(new byte[4096]);
        }

        var left = Stopwatch.GetTimestamp();
        socket.Close();
        return await Task.WhenAny(request.Aborted, Task.Delay(Bound)) == request.Aborted ? Stopwatch.GetElapsedTime(left, await request.Aborted).TotalMilliseconds : null;
    }
}
