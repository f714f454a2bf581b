using System.Diagnostics;

namespace Holdfast.Bench;

/// <summary>A program that runs to its end while we wait.</summary>
internal static class ChildProgram
{
    /// <summary>What it printed. Throws <see cref="InvalidOperationException"/> when it failed.</summary>
    public static string Run(string path, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{path} ended with {process.ExitCode}");
    }
}
