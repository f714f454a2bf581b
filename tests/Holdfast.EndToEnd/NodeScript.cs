using System.Diagnostics;
using System.Text.Json;

namespace Holdfast.EndToEnd;

/// <summary>Scripts of <c>tests/browser</c>: a real OpenAI client and a real browser.</summary>
internal static class NodeScript
{
    public static async Task<(int Code, string Output, string Errors)> RunAsync(string script, Dictionary<string, string> environment, params string[] arguments)
    {
        var folder = Path.Combine(Checkout.Root, "tests", "browser");
        Assert.SkipUnless(Directory.Exists(Path.Combine(folder, "node_modules")), "tests/browser has no node_modules: run ./test.sh, or npm ci there");
        var start = new ProcessStartInfo("node", [script, .. arguments]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var node = Process.Start(start)!;
        var output = node.StandardOutput.ReadToEndAsync();
        var errors = node.StandardError.ReadToEndAsync();
        await node.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        return (node.ExitCode, await output, await errors);
    }

    /// <summary>Runs a script that drives the console and prints one JSON object.</summary>
    public static async Task<JsonElement> RunForJsonAsync(string script, HoldfastProcess holdfast)
    {
        var (code, output, errors) = await RunAsync(script, new() { ["HOLDFAST_CONSOLE"] = $"http://127.0.0.1:{holdfast.Port}", ["HOLDFAST_KEY"] = HoldfastProcess.Key });
        Assert.True(code == 0, output + errors);
        return JsonElement.Parse(output);
    }
}
