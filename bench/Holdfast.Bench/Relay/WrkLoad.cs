using System.Diagnostics;
using System.Globalization;

namespace Holdfast.Bench.Relay;

/// <summary>1 kB JSON requests by wrk, 8 at a time.</summary>
internal sealed class WrkLoad(string key, string folder)
{
    private const int Connections = 8;

    public async Task<RelaySample> RunAsync(RelayTarget target, int seconds)
    {
        var script = Path.Combine(folder, "post.lua");
        var question = string.Concat(Enumerable.Repeat("why does the pump stop? ", 38));
        await File.WriteAllTextAsync(script, $$"""
            wrk.method = "POST"
            wrk.headers["Content-Type"] = "application/json"
            wrk.headers["Authorization"] = "Bearer {{key}}"
            wrk.body = '{"model":"fake-model","messages":[{"role":"user","content":"{{question}}"}],"max_tokens":64,"temperature":0.5}'
            done = function(summary)
              io.write(string.format("RESULT %d %d\n", summary.requests, summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
            end
            """);
        var before = target.ProcessId == 0 ? 0 : ProcessTree.CpuMicroseconds(target.ProcessId);
        var output = await OutputAsync("wrk", ["-t1", $"-c{Connections}", $"-d{seconds}s", "-s", script, $"http://127.0.0.1:{target.Port}/v1/chat/completions"]);
        var after = target.ProcessId == 0 ? 0 : ProcessTree.CpuMicroseconds(target.ProcessId);
        var result = output.Split('\n').First(static line => line.StartsWith("RESULT", StringComparison.Ordinal)).Split(' ');
        var requests = int.Parse(result[1], CultureInfo.InvariantCulture);
        return new RelaySample(requests, (after - before) / Math.Max(1, requests), int.Parse(result[2], CultureInfo.InvariantCulture), []);
    }

    private static async Task<string> OutputAsync(string file, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }
}
