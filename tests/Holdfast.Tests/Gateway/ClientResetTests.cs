using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.Tests.Gateway;

public sealed class ClientResetTests
{
    private const int Clients = 40;

    [Theory]
    [InlineData("/v1/chat/completions", "application/json", "Content-Length: 90000")]
    [InlineData("/v1/embeddings", "application/json", "Transfer-Encoding: chunked")]
    [InlineData("/v1/files", "multipart/form-data; boundary=b", "Content-Length: 90000")]
    public async Task A_client_that_resets_in_the_middle_of_its_body_has_left_and_is_no_fault_of_ours(string path, string type, string length)
    {
        using var log = new ErrorLog();
        await using var host = await GatewayHost.StartAsync(backends: [ScriptedBackend.Hello()], more: s => s.AddSingleton<ILoggerProvider>(log));
        var clients = new List<RawHttp>();
        for (var i = 0; i < Clients; i++)
        {
            clients.Add(await RawHttp.OpenAsync(host));
            await clients[i].SendAsync(RawHttp.Head(host, "POST", path, $"Content-Type: {type}", length));
            await clients[i].SendAsync(type[0] == 'm' ? "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n" : "");
            await clients[i].SendAsync(length.StartsWith('T') ? "2000\r\n" + new string(' ', 0x1000) : new string(' ', 45_000));
        }

        await host.MetricsAsync($"holdfast_bodies_held_bytes {Clients * (length.StartsWith('T') ? 0x1000 : 90_000)}\n");
        await Task.WhenAll(clients.Select(client => Task.Run(client.Reset, TestContext.Current.CancellationToken)));
        await host.MetricsAsync($"holdfast_clients_gone_total {Clients}\n");
        await host.MetricsAsync("holdfast_bodies_held_bytes 0\n");
        var (_, rows) = await host.GetAsync($"/admin/requests?limit={2 * Clients}");
        Assert.Equal(Enumerable.Repeat(499, Clients), rows.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("status").GetInt32()));
        Assert.DoesNotContain("holdfast_refusals_total{", await host.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(log.Lines);
    }
}
