using System.Diagnostics;

namespace Holdfast.Bench;

/// <summary>Starts the processes that a benchmark measures.</summary>
internal static class Servers
{
    private const int TriesMax = 600;

    /// <summary>What stands before this program's own verbs: when it runs as <c>dotnet Holdfast.Bench.dll</c>, the path of the process is dotnet itself.</summary>
    public static string[] Self() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Path.Combine(AppContext.BaseDirectory, "Holdfast.Bench.dll")] : [];

    public static Process Start(string file, IEnumerable<string> arguments, string folder, string key)
    {
        var start = new ProcessStartInfo(file, arguments) { WorkingDirectory = folder };
        start.Environment["HOLDFAST_KEY"] = key;
        return Process.Start(start)!;
    }

    public static async Task WaitAsync(int port)
    {
        using var http = new HttpClient();
        for (var tries = 0; tries < TriesMax; tries++)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/readyz"));
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It is still starting.
                tries++;
            }

            await Task.Delay(100);
        }

        throw new TimeoutException("holdfast did not become ready");
    }
}
