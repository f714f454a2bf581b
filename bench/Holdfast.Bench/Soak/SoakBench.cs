using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Holdfast.Bench.Relay;

namespace Holdfast.Bench.Soak;

/// <summary>
/// The server under steady load in front of the fake upstream: resident memory over time, and what is still held when the load has gone.
/// Server, upstream and load are three processes on loopback ports.
/// </summary>
internal static class SoakBench
{
    private const string Key = "hf-bench-key-0123456789";
    private const int UpstreamPort = 19201;
    private const int HoldfastPort = 19220;
    private const int Pieces = 20;
    private const int PaceMilliseconds = 10;
    private const int IdleSeconds = 20;
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(string[] args)
    {
        var length = TimeSpan.FromSeconds(args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 600);
        var perSecond = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 500;
        var folder = Directory.CreateTempSubdirectory("holdfast-soak-").FullName;
        List<Process> processes = [];
        try
        {
            processes.Add(Servers.Start(Environment.ProcessPath!, [.. Servers.Self(), "fake-upstream", $"{UpstreamPort}", "vllm", $"{Pieces}", $"{PaceMilliseconds}"], folder, Key));
            var configuration = Path.Combine(folder, "holdfast.yaml");
            await File.WriteAllTextAsync(configuration, $"listen: 127.0.0.1:{HoldfastPort}\nupstreams:\n  - name: fake\n    urls: [http://127.0.0.1:{UpstreamPort}]\n");
            var holdfast = Servers.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "holdfast.dll"), "serve", "--config", configuration, "--data", Path.Combine(folder, "data")], folder, Key);
            processes.Add(holdfast);
            await Servers.WaitAsync(HoldfastPort);
            return await SoakAsync(holdfast.Id, length, perSecond) ? 0 : 1;
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

    private static async Task<bool> SoakAsync(int server, TimeSpan length, int perSecond)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        await Task.Delay(Between);
        var idle = await SoakSample.TakeAsync(http, HoldfastPort, server);
        Console.WriteLine($"before   {idle}");
        using var load = new SoakLoad(HoldfastPort, Key, perSecond);
        var started = Stopwatch.GetTimestamp();
        var cpu = ProcessTree.CpuMicroseconds(server);
        var running = load.RunAsync(length, CancellationToken.None);
        List<(double Seconds, SoakSample Sample)> samples = [];
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running, Task.Delay(Between));
            samples.Add((Stopwatch.GetElapsedTime(started).TotalSeconds, await SoakSample.TakeAsync(http, HoldfastPort, server)));
            if (samples.Count % 6 == 0)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{samples[^1].Seconds,5:F0} s  {samples[^1].Sample}"));
            }
        }

        await running;
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{load.Sent} requests in {seconds:F1} s ({load.Sent / seconds:F0}/s): {load.Whole} whole, {load.Aborted} aborted, {load.Faults} faults ({string.Join(", ", load.FaultKinds)}), {load.LeftOut} left out; server CPU {(ProcessTree.CpuMicroseconds(server) - cpu) / load.Sent:F0} us a request"));
        return await JudgeAsync(http, server, idle, samples, load);
    }

    private static async Task<bool> JudgeAsync(HttpClient http, int server, SoakSample idle, List<(double Seconds, SoakSample Sample)> samples, SoakLoad load)
    {
        var minute2 = Resident(samples, 90, 120);
        var end = Resident(samples, samples[^1].Seconds - 30, samples[^1].Seconds);
        var growth = (end / minute2) - 1;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"resident: mean of 90..120 s {minute2:F1} MiB, of the last 30 s {end:F1} MiB: {growth * 100:+0.0;-0.0} %"));
        SoakSample after;
        var waited = 0;
        do
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            after = await SoakSample.TakeAsync(http, HoldfastPort, server);
        }
        while (++waited < IdleSeconds && (after.Sockets > idle.Sockets + 2 || after.InFlight > 0));
        Console.WriteLine($"after {waited} s {after}");

        // Two sockets more are the pool's to the upstream: it keeps them for the next request.
        return growth <= 0.05 && load.Faults == 0 && load.LeftOut == 0 && after.InFlight == 0 && after.Sockets <= idle.Sockets + 2;
    }

    private static double Resident(List<(double Seconds, SoakSample Sample)> samples, double from, double to)
    {
        var within = samples.Where(one => one.Seconds >= from && one.Seconds <= to).ToList();
        return within.Count == 0 ? double.NaN : within.Average(static one => one.Sample.ResidentMiB);
    }
}
