using System.Diagnostics;
using System.Globalization;
using Holdfast.Tests.Fakes;

namespace Holdfast.Bench.Relay;

/// <summary>
/// Holdfast (keys, traces, usage, metrics, token counts: all on) beside nginx as a plain reverse proxy, in front of the same fake
/// upstream, in turns on the same machine. CPU time is the figure; wall time on a busy machine says little.
/// </summary>
internal static class RelayBench
{
    private const string Key = "hf-bench-key-0123456789";
    private const int UpstreamPort = 19101;
    private const int CancelPort = 19102;
    private const int NginxPort = 19110;
    private const int HoldfastPort = 19120;
    private const int Chunks = 200;
    private const int WarmUpSeconds = 30;
    private const int WarmUpStreams = 6;

    public static async Task<int> RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
        var seconds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 4;
        var folder = Directory.CreateTempSubdirectory("holdfast-relay-").FullName;
        List<Process> processes = [];
        try
        {
            var self = Environment.ProcessPath!;
            processes.Add(Servers.Start(self, [.. Servers.Self(), "fake-upstream", $"{UpstreamPort}", "vllm", $"{Chunks}", "20"], folder, Key));
            var nginx = Servers.Start("nginx", ["-p", folder, "-c", await WriteNginxAsync(folder), "-e", Path.Combine(folder, "error.log")], folder, Key);
            processes.Add(nginx);
            var holdfast = Servers.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "holdfast.dll"), "serve", "--config", await WriteHoldfastAsync(folder), "--data", Path.Combine(folder, "data")], folder, Key);
            processes.Add(holdfast);
            await using var cancelling = FakeVllm.Start(FakeFace.Vllm, CancelPort, "cancel-model");
            RelayTarget[] targets = [new("direct", UpstreamPort, 0), new("nginx", NginxPort, nginx.Id), new("holdfast", HoldfastPort, holdfast.Id)];
            await Servers.WaitAsync(HoldfastPort);
            Console.WriteLine($"holdfast resident before load: {ProcessTree.ResidentMiB(holdfast.Id):0} MiB");
            await MeasureAsync(targets, rounds, seconds, folder);
            await CancelLoad.RunAsync(cancelling, targets[2], Key);
            Console.WriteLine($"holdfast resident after load: {ProcessTree.ResidentMiB(holdfast.Id):0} MiB, nginx {ProcessTree.ResidentMiB(nginx.Id):0} MiB");
            return 0;
        }
        finally
        {
            foreach (var process in processes)
            {
                process.Kill(entireProcessTree: true);
                process.Dispose();
            }

            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(RelayTarget[] targets, int rounds, int seconds, string folder)
    {
        var json = new WrkLoad(Key, folder);
        var stream = new StreamLoad(Key, Chunks);
        foreach (var target in targets)
        {
            // The JIT's tiers and the pools of connections: after 6 s a quarter of the CPU time was still the compiler's, after 25 s 2 %.
            await json.RunAsync(target, target.Name == "holdfast" ? WarmUpSeconds : seconds);
            for (var run = 0; run < (target.Name == "holdfast" ? WarmUpStreams : 1); run++)
            {
                await stream.RunAsync(target);
            }
        }

        Dictionary<string, List<RelaySample>> jsons = [], streams = [];
        for (var round = 0; round < rounds; round++)
        {
            foreach (var target in round % 2 == 0 ? targets : targets.Reverse())
            {
                Of(jsons, target).Add(await json.RunAsync(target, seconds));
            }

            foreach (var target in round % 2 == 0 ? targets : targets.Reverse())
            {
                Of(streams, target).Add(await stream.RunAsync(target));
            }

            await Console.Error.WriteLineAsync($"round {round + 1} of {rounds}");
        }

        Print("JSON 1 kB, 8 at a time, CPU us per request", jsons);
        Print($"SSE, 64 streams x 50 chunks/s x {Chunks} chunks, CPU us per chunk", streams);
        PrintDelays(streams);
    }

    private static List<RelaySample> Of(Dictionary<string, List<RelaySample>> all, RelayTarget target)
    {
        if (!all.TryGetValue(target.Name, out var samples))
        {
            all[target.Name] = samples = [];
        }

        return samples;
    }

    private static void Print(string title, Dictionary<string, List<RelaySample>> all)
    {
        Console.WriteLine(title);
        foreach (var (name, samples) in all.Where(static pair => pair.Key != "direct"))
        {
            var cpu = samples.Select(static sample => sample.CpuMicroseconds).Order().ToArray();
            var ratios = samples.Zip(all["nginx"], static (one, nginx) => one.CpuMicroseconds / nginx.CpuMicroseconds).Order().ToArray();
            Console.WriteLine($"  {name,-10} {cpu[cpu.Length / 2]:0.0} ({cpu[0]:0.0}..{cpu[^1]:0.0})   x nginx {ratios[ratios.Length / 2]:0.00} ({ratios[0]:0.00}..{ratios[^1]:0.00})   count {samples.Sum(static sample => sample.Count)}, faults {samples.Sum(static sample => sample.Faults)}");
        }
    }

    private static void PrintDelays(Dictionary<string, List<RelaySample>> streams)
    {
        Console.WriteLine("  delay of a chunk beyond the direct one in the same round, ms: median over rounds (min..max)");
        foreach (var (name, samples) in streams.Where(static pair => pair.Key != "direct"))
        {
            foreach (var quantile in new[] { 0.5, 0.99 })
            {
                var added = samples.Zip(streams["direct"], (one, direct) => one.Delay(quantile) - direct.Delay(quantile)).Order().ToArray();
                Console.WriteLine($"  {name,-10} p{quantile * 100:0} {added[added.Length / 2]:0.00} ({added[0]:0.00}..{added[^1]:0.00})");
            }
        }
    }

    private static async Task<string> WriteNginxAsync(string folder)
    {
        var path = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(path, $$"""
            worker_processes 2; pid nginx.pid; daemon off; error_log error.log;
            events { worker_connections 4096; }
            http {
              access_log off; keepalive_requests 1000000;
              client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
              upstream fake { server 127.0.0.1:{{UpstreamPort}}; keepalive 256; keepalive_requests 1000000; }
              server { listen 127.0.0.1:{{NginxPort}}; location / { proxy_pass http://fake; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; } }
            }
            """);
        return path;
    }

    private static async Task<string> WriteHoldfastAsync(string folder)
    {
        var path = Path.Combine(folder, "holdfast.yaml");
        await File.WriteAllTextAsync(path, $$"""
            listen: 127.0.0.1:{{HoldfastPort}}
            upstreams:
              - name: fake
                urls: [http://127.0.0.1:{{UpstreamPort}}]
              - name: cancel
                urls: [http://127.0.0.1:{{CancelPort}}]
            """);
        return path;
    }
}
