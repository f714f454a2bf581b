using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Holdfast.EndToEnd;

/// <summary>What the README tells people to type does what it says.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(Checkout.Root, "README.md"));

    [Fact]
    public async Task The_lines_of_the_first_screen_work_after_the_command_that_starts_it()
    {
        await using var holdfast = await HoldfastProcess.StartReadyAsync(data: null, Checkout.Handbook);
        var block = Blocks().Matches(Readme).Select(match => match.Groups["text"].Value).Single(text => text.Contains("/v1/chat/completions", StringComparison.Ordinal));

        // Another port and data folder than the README's, and the key that the process was given instead of the kept one.
        var script = block
            .Replace("127.0.0.1:8080", $"127.0.0.1:{holdfast.Port}", StringComparison.Ordinal)
            .Replace("$(cat .holdfast/key)", HoldfastProcess.Key, StringComparison.Ordinal);
        var start = new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var shell = Process.Start(start)!;
        var output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();

        Assert.Equal(0, shell.ExitCode);
        Assert.Contains("\"annotations\":[{", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_printed_curl_line_works_when_pasted()
    {
        var data = Directory.CreateTempSubdirectory("holdfast-curl-").FullName;
        var port = HoldfastProcess.FreePort();
        var start = new ProcessStartInfo(HoldfastProcess.Executable, ["up", Checkout.Handbook, "--listen", $"127.0.0.1:{port}", "--data", data]) { RedirectStandardOutput = true };
        using var holdfast = Process.Start(start)!;
        var lines = new List<string>();
        while (await holdfast.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) is { } line)
        {
            lines.Add(line);
            if (line.TrimStart().StartsWith("-d ", StringComparison.Ordinal))
            {
                break;
            }
        }

        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", string.Join('\n', lines.SkipWhile(line => !line.TrimStart().StartsWith("curl", StringComparison.Ordinal)))]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = await shell.StandardOutput.ReadToEndAsync();
        holdfast.Kill();
        await holdfast.WaitForExitAsync();
        Directory.Delete(data, recursive: true);

        Assert.Contains("\"answeredBy\":\"extractive\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_verb_of_the_table_has_help()
    {
        var verbs = Verbs().Matches(Readme).Select(match => match.Groups["verb"].Value).Distinct().ToList();

        Assert.Contains("up", verbs);
        Assert.Contains("models", verbs);
        foreach (var verb in verbs)
        {
            var (code, output, _) = await HoldfastProcess.RunAsync(null, verb, "--help");
            Assert.True(code == 0 && output.Contains("Usage:", StringComparison.Ordinal), verb);
        }
    }

    [GeneratedRegex("^```\\w*\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blocks();

    [GeneratedRegex("`(holdfast )?(?<verb>up|serve|ingest|search|ask|documents|trace|prompts|keys|check|models)\\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Verbs();
}
