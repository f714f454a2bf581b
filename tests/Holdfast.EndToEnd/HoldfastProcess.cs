using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Holdfast.EndToEnd;

/// <summary>The real executable, started as a person starts it: on a free port, with a data folder of its own unless one is given.</summary>
internal sealed class HoldfastProcess : IAsyncDisposable
{
    public const string Key = "hf-end-to-end";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly TaskCompletionSource<JsonElement> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool _ownsData;

    private HoldfastProcess(Process process, string data, int port, bool ownsData)
    {
        (_process, Data, Port, _ownsData) = (process, data, port, ownsData);
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(60) };
        Client.DefaultRequestHeaders.Add("authorization", $"Bearer {Key}");
    }

    public string Data { get; }

    public int Port { get; }

    public int Id => _process.Id;

    /// <summary>Sends the admin key with every request.</summary>
    public HttpClient Client { get; }

    public IReadOnlyCollection<string> Output => _output;

    public string Errors => string.Join('\n', _errors);

    public static string Executable => Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "holdfast.exe" : "holdfast");

    /// <summary>Starts <c>up</c> and does not wait.</summary>
    public static HoldfastProcess Start(string? data = null, int? port = null, params string[] arguments)
    {
        var ownsData = data is null;
        data ??= Directory.CreateTempSubdirectory("holdfast-end-to-end-").FullName;
        port ??= FreePort();
        var start = new ProcessStartInfo(Executable, ["up", .. arguments, "--listen", $"127.0.0.1:{port}", "--data", data, "--json"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Checkout.Root,
            Environment = { ["HOLDFAST_KEY"] = Key },
        };
        var holdfast = new HoldfastProcess(new Process { StartInfo = start, EnableRaisingEvents = true }, data, port.Value, ownsData);
        holdfast.Run();
        return holdfast;
    }

    /// <summary>Starts <c>up</c> and waits until it is ready; a process that ends before fails the test with what it wrote.</summary>
    public static async Task<HoldfastProcess> StartReadyAsync(string? data = null, params string[] arguments)
    {
        var holdfast = Start(data, port: null, arguments);
        await holdfast.ReadyAsync();
        return holdfast;
    }

    /// <summary>Runs any verb to its end.</summary>
    public static Task<(int Code, string Output, string Errors)> RunAsync(string? input, params string[] arguments) => RunInAsync(Checkout.Root, [], input, arguments);

    /// <summary>Runs any verb to its end in a folder, with variables of its own.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunInAsync(string folder, Dictionary<string, string> environment, string? input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Executable, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = folder };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return (process.ExitCode, await output, await errors);
    }

    public async Task<JsonElement> ReadyAsync() => await _ready.Task.WaitAsync(TimeSpan.FromSeconds(90));

    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return _process.ExitCode;
    }

    /// <summary>Sends a signal by name: TERM, INT, KILL.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async Task<int> StopAsync()
    {
        Signal("TERM");
        return await ExitCodeAsync();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        if (_ownsData)
        {
            Directory.Delete(Data, recursive: true);
        }
    }

    private void Run()
    {
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                return;
            }

            _output.Enqueue(line.Data);
            if (line.Data.StartsWith("{\"ready\":true", StringComparison.Ordinal))
            {
                _ready.TrySetResult(JsonElement.Parse(line.Data));
            }
        };
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null)
            {
                _errors.Enqueue(line.Data);
            }
        };
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException($"holdfast ended with {_process.ExitCode} before it was ready:\n{Errors}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }
}
