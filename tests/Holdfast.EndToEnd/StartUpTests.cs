using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Holdfast.EndToEnd;

public sealed class StartUpTests
{
    [Fact]
    public async Task A_second_start_reads_nothing_again_and_keeps_the_data()
    {
        var data = Directory.CreateTempSubdirectory("holdfast-twice-").FullName;
        JsonElement first;
        await using (var holdfast = await HoldfastProcess.StartReadyAsync(data, Checkout.Handbook))
        {
            first = await holdfast.ReadyAsync();
            Assert.Single(holdfast.Output);
            Assert.Equal(0, await holdfast.StopAsync());
        }

        await using (var holdfast = await HoldfastProcess.StartReadyAsync(data, Checkout.Handbook))
        {
            var second = await holdfast.ReadyAsync();
            Assert.Equal(Number(first, "documents") + Number(first, "quarantined"), Number(second, "unchanged"));
            Assert.Equal(Number(first, "passages"), Number(second, "passages"));
        }

        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task A_second_process_on_the_same_data_is_refused_by_process_id()
    {
        await using var first = await HoldfastProcess.StartReadyAsync();
        await using var second = HoldfastProcess.Start(first.Data);

        Assert.Equal(3, await second.ExitCodeAsync());
        Assert.Contains(first.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), second.Errors, StringComparison.Ordinal);
        Assert.Empty(second.Output);
    }

    [Fact]
    public async Task A_port_in_use_is_one_line_that_names_the_process()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var holdfast = HoldfastProcess.Start(port: port);

        Assert.Equal(3, await holdfast.ExitCodeAsync());
        Assert.Contains($"{port}", holdfast.Errors, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId}", holdfast.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("up", "no-such-folder")]
    [InlineData("up", "--nope")]
    [InlineData("frobnicate")]
    [InlineData("search")]
    [InlineData("up", "--listen", "nowhere")]
    public async Task Wrong_use_is_told_on_standard_error_alone(params string[] arguments)
    {
        var (code, output, errors) = await HoldfastProcess.RunAsync(null, arguments);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains(arguments[^1], errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_added_changed_and_deleted_while_it_runs_are_picked_up()
    {
        var folder = Directory.CreateTempSubdirectory("holdfast-watched-");
        var file = Path.Combine(folder.FullName, "pump.md");
        await using var holdfast = await HoldfastProcess.StartReadyAsync(data: null, folder.FullName);
        var collection = (await holdfast.ReadyAsync()).GetProperty("model").GetString()!.Split('@')[1];

        await File.WriteAllTextAsync(file, "# Pump\n\nThe pump is restarted with zanzibar.\n");
        await UntilFoundAsync(holdfast, collection, "zanzibar", isFound: true);
        await File.WriteAllTextAsync(file, "# Pump\n\nThe pump is restarted with quinoline.\n");
        await UntilFoundAsync(holdfast, collection, "quinoline", isFound: true);
        await UntilFoundAsync(holdfast, collection, "zanzibar", isFound: false);
        File.Delete(file);
        await UntilFoundAsync(holdfast, collection, "quinoline", isFound: false);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Five_faults_in_the_configuration_are_shown_together()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "listen: nowhere\ndat: x\ningest:\n  readers: many\n  settleTime: 5\n  batchDocument: 3\n");

        var (code, output, _) = await HoldfastProcess.RunAsync(null, "check", "--config", file);

        Assert.Equal(1, code);
        Assert.Equal([1, 2, 4, 5, 6], output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture)).Order());
        File.Delete(file);
    }

    private static int Number(JsonElement ready, string name) => ready.GetProperty(name).GetInt32();

    private static async Task UntilFoundAsync(HoldfastProcess holdfast, string collection, string word, bool isFound)
    {
        // The promise is 5 s; a machine that runs other tests beside gets three times that.
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (true)
        {
            using var answer = await holdfast.Client.PostAsJsonAsync($"/v1/vector_stores/{collection}/search", new { query = word }, deadline.Token);
            var page = await answer.Content.ReadFromJsonAsync<JsonElement>(deadline.Token);
            var hits = page.GetProperty("data").EnumerateArray().Count(hit => hit.GetProperty("content")[0].GetProperty("text").GetString()!.Contains(word, StringComparison.Ordinal));
            if (hits > 0 == isFound)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), deadline.Token);
        }
    }
}
