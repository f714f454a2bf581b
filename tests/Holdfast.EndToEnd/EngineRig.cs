using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Holdfast.Tests.Engine.Models;

namespace Holdfast.EndToEnd;

/// <summary>The real executable with a tiny random model: the same nonsense for the same prompt, thousands of tokens a second.</summary>
internal sealed class EngineRig : IAsyncDisposable
{
    public const string Model = "tiny";

    private readonly DirectoryInfo _folder;

    private EngineRig(DirectoryInfo folder, string modelFile, HoldfastProcess process) => (_folder, ModelFile, Process) = (folder, modelFile, process);

    public HoldfastProcess Process { get; }

    public string ModelFile { get; }

    /// <summary>Starts <c>up --model tiny --models FOLDER</c> with settings such as <c>engine.kvMiB=8</c>.</summary>
    public static async Task<EngineRig> StartAsync(params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("holdfast-engine-");
        var file = Path.Combine(folder.FullName, "tiny.Q4_0.gguf");
        await File.WriteAllBytesAsync(file, TinyChatModel.Make());
        string[] arguments = ["--model", Model, "--models", folder.FullName, "--set", "engine.kvMiB=16", .. settings.SelectMany(setting => new[] { "--set", setting })];
        return new EngineRig(folder, file, await HoldfastProcess.StartReadyAsync(data: null, arguments));
    }

    public static object Chat(string question, int maxTokens, bool isStream = false, int choices = 1) => new
    {
        model = Model,
        messages = new[] { new { role = "user", content = question } },
        max_tokens = maxTokens,
        temperature = 0,
        stream = isStream,
        n = choices,
    };

    public Task<HttpResponseMessage> PostAsync(object request, HttpClient? client = null) => (client ?? Process.Client).PostAsJsonAsync("/v1/chat/completions", request);

    public async Task<string> AnswerAsync(string question = "The service restarts when", int maxTokens = 24)
    {
        using var response = await PostAsync(Chat(question, maxTokens));
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(response.IsSuccessStatusCode, body.ToString());
        return body.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
    }

    public async Task<double> MetricAsync(string name)
    {
        var page = await Process.Client.GetStringAsync("/metrics");
        var line = page.Split('\n').Single(line => line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal));
        return double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
    }

    /// <summary>Waits until a gauge is as told; a minute is far more than a loaded machine needs.</summary>
    public async Task UntilAsync(string name, Func<double, bool> isSo)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        double value;
        while (!isSo(value = await MetricAsync(name)))
        {
            Assert.False(deadline.IsCancellationRequested, $"{name} stays at {value}");
            await Task.Yield();
        }
    }

    /// <summary>No sequence runs or waits, no block is held, no call is at work.</summary>
    public async Task UntilIdleAsync()
    {
        foreach (var gauge in new[] { "vllm:num_requests_running", "vllm:num_requests_waiting", "vllm:kv_cache_usage_perc", "holdfast_in_flight" })
        {
            await UntilAsync(gauge, value => value == 0);
        }
    }

    public long ResidentMiB()
    {
        var line = File.ReadLines($"/proc/{Process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
