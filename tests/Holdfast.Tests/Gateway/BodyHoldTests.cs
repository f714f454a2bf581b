using System.Net.Sockets;
using System.Text;
using Holdfast.Gateway.Options;
using Holdfast.Traffic.Admission;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Tests.Gateway;

public sealed class BodyHoldTests
{
    private const string Chat = "/v1/chat/completions";
    private const string Ask = """{"model":"small","messages":[{"role":"user","content":"x"}]}""";

    private static Task<GatewayHost> StartAsync() => GatewayHost.StartAsync(
        o => o with { Limits = o.Limits with { BodyBytesMax = 1 << 20, BodiesBytesMax = 1 << 20 } }, [ScriptedBackend.Hello()]);

    [Fact]
    public async Task A_body_that_would_pass_the_room_of_all_bodies_is_refused_before_it_is_read()
    {
        await using var host = await StartAsync();
        await using var holder = await HoldAsync(host, 1_000_000);
        await using var raw = await RawHttp.OpenAsync(host);
        await raw.SendAsync(RawHttp.Head(host, "POST", Chat, "Content-Type: application/json", "Content-Length: 100000"));
        var (status, text) = await raw.ReadAsync();
        Assert.Equal(503, status);
        Assert.Contains("the bodies of the requests at work have 1000000 bytes, this one brings 100000, and 1048576 is the most at once (gateway.limits.bodiesBytesMax). Try again in 1 s.", text, StringComparison.Ordinal);
        Assert.Contains("\r\nRetry-After: 1\r\n", text, StringComparison.Ordinal);
        Assert.Contains("\r\nx-holdfast-reason: at_capacity\r\n", text, StringComparison.Ordinal);
        Assert.Equal(200, (int)(await host.PostAsync(Chat, Ask)).Head.StatusCode);
        await host.MetricsAsync("holdfast_bodies_held_bytes_max 1048576");
    }

    [Fact]
    public async Task A_body_of_unknown_length_is_counted_as_it_grows_and_refused_at_the_bound()
    {
        await using var host = await StartAsync();
        await using var holder = await HoldAsync(host, 1_000_000);
        await using var raw = await RawHttp.OpenAsync(host);
        await raw.SendAsync(RawHttp.Head(host, "POST", Chat, "Content-Type: application/json", "Transfer-Encoding: chunked"));
        await raw.SendAsync("4000\r\n" + new string(' ', 0x4000) + "\r\n");
        await host.MetricsAsync($"holdfast_bodies_held_bytes {1_000_000 + 0x4000}");
        await raw.SendAsync("c350\r\n" + new string(' ', 50_000) + "\r\n");
        var (status, text) = await raw.ReadAsync();
        Assert.Equal(503, status);
        Assert.Contains("(gateway.limits.bodiesBytesMax)", text, StringComparison.Ordinal);
        await host.MetricsAsync("holdfast_bodies_held_bytes 1000000");
    }

    [Fact]
    public async Task What_a_stranger_announces_takes_no_room()
    {
        await using var host = await StartAsync();
        using var stranger = new TcpClient();
        await stranger.ConnectAsync(host.Address.Host, host.Address.Port, TestContext.Current.CancellationToken);
        await stranger.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /sign-in HTTP/1.1\r\nHost: {host.Address.Authority}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\n"), TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)(await host.PostAsync(Chat, Ask)).Head.StatusCode);
        await host.MetricsAsync("holdfast_bodies_held_bytes 0");
    }

    [Fact]
    public async Task However_requests_end_their_bytes_come_back()
    {
        await using var host = await StartAsync();
        var limit = host.Services.GetRequiredService<ByteLimit>();
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => EndAsync(host, i)));
        for (var i = 0; i < 2_000 && limit.Held > 0; i++)
        {
            await host.MetricsAsync("holdfast_bodies_held_bytes");
        }

        Assert.Equal(0, limit.Held);
    }

    [Fact]
    public void The_room_of_all_bodies_holds_the_largest_one()
    {
        var faults = new GatewayOptions { Limits = new LimitOptions { BodyBytesMax = 2 << 20, BodiesBytesMax = 1 << 20 } }.Faults();
        Assert.Equal(["gateway.limits.bodiesBytesMax is 1048576; it must be at least gateway.limits.bodyBytesMax (2097152), or the largest body is never taken"], faults);
    }

    /// <summary>A request that announced a body and does not send it.</summary>
    private static async Task<RawHttp> HoldAsync(GatewayHost host, int bytes)
    {
        var raw = await RawHttp.OpenAsync(host);
        await raw.SendAsync(RawHttp.Head(host, "POST", Chat, "Content-Type: application/json", $"Content-Length: {bytes}"));
        await host.MetricsAsync($"holdfast_bodies_held_bytes {bytes}");
        return raw;
    }

    /// <summary>Answered, broken JSON, of unknown length, or gone in the middle.</summary>
    private static async Task EndAsync(GatewayHost host, int way)
    {
        await using var raw = await RawHttp.OpenAsync(host);
        var length = way % 4 == 2 ? "Transfer-Encoding: chunked" : $"Content-Length: {(way % 4 == 3 ? 90_000 : Ask.Length)}";
        await raw.SendAsync(RawHttp.Head(host, "POST", Chat, "Content-Type: application/json", length));
        await raw.SendAsync(way % 4 == 1 ? new string('x', Ask.Length) : way % 4 == 2 ? $"{Ask.Length:x}\r\n{Ask}\r\n0\r\n\r\n" : Ask);
        if (way % 4 != 3)
        {
            Assert.Contains((await raw.ReadAsync()).Status, (int[])[200, 400, 503]);
        }
    }
}
