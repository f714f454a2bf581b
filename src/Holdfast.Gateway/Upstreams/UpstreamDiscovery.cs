using System.Text.Json;
using System.Threading.Channels;
using Holdfast.Abstractions.Answering;
using Microsoft.Extensions.Logging;

namespace Holdfast.Gateway.Upstreams;

/// <summary>
/// Keeps the list of models fresh: asks each replica at the start, every <c>refreshEvery</c>, and soon after a fault (0.5 s, then
/// doubling to 30 s while one stays away). A list once read stands while its replica is away: a model does not become unknown
/// because its server restarts.
/// </summary>
internal sealed partial class UpstreamDiscovery(UpstreamReplica[] replicas, UpstreamOptions options, UpstreamRequest requests, UpstreamPool pool, ILogger logger) : IAsyncDisposable
{
    private const int ListBytesMax = 4 * 1024 * 1024;
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WaitFirst = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile IReadOnlyList<ServedModel> _models = Served(replicas, options);
    private Task _loop = Task.CompletedTask;

    public IReadOnlyList<ServedModel> Models => _models;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        _loop = LoopAsync(_stopping.Token);
    }

    public void Wake() => _wakes.Writer.TryWrite(true);

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(Array.ConvertAll(replicas, replica => AskAsync(replica, cancellationToken)));
        _models = Served(replicas, options);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        _stopping.Dispose();
    }

    private async Task LoopAsync(CancellationToken cancellationToken)
    {
        var wait = WaitFirst;
        try
        {
            while (true)
            {
                await WaitAsync(wait, cancellationToken);
                await RefreshAsync(cancellationToken);
                wait = Array.TrueForAll(replicas, replica => replica.State.IsReachable) ? WaitFirst : Least(wait * 2, WaitMax);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Log.Stopped(logger, options.Name);
        }
    }

    // All well: until the next refresh or a fault, whichever comes first. Something away: the growing wait.
    private async Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        if (Array.TrueForAll(replicas, replica => replica.State.IsReachable))
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var woken = _wakes.Reader.WaitToReadAsync(either.Token).AsTask();
            await Task.WhenAny(woken, Task.Delay(options.RefreshEvery, pool.Time, either.Token));
            await either.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
            if (!_wakes.Reader.TryRead(out _))
            {
                return;
            }
        }

        await Task.Delay(wait, pool.Time, cancellationToken);
        _wakes.Reader.TryRead(out _);
    }

    private async Task AskAsync(UpstreamReplica replica, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Timeouts.Connect + AnswerMax, pool.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var wasReachable = replica.State.IsReachable;
        try
        {
            replica.Found(await ReadAsync(replica, both.Token));
            if (!wasReachable)
            {
                Log.Reached(logger, options.Name, replica.Address.AbsoluteUri, replica.Findings!.Models.Count);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && (exception is JsonException || AttemptEnd.IsWorldFault(exception)))
        {
            Missed(replica, exception);
        }
    }

    private async Task<UpstreamFindings> ReadAsync(UpstreamReplica replica, CancellationToken cancellationToken)
    {
        var findings = ModelList.Read(await GetAsync(replica, "v1/models", cancellationToken), options.Kind);
        if (findings.Kind != UpstreamKind.LlamaCpp)
        {
            return findings;
        }

        var context = ModelList.ReadProps(await GetAsync(replica, "props", cancellationToken));
        return context is null ? findings : findings with { Models = [.. findings.Models.Select(model => model with { ContextTokens = context })] };
    }

    private async Task<ReadOnlyMemory<byte>> GetAsync(UpstreamReplica replica, string path, CancellationToken cancellationToken)
    {
        using var request = requests.Get(new Uri(replica.Address, path));
        using var response = await replica.Http.SendAsync(request, cancellationToken);
        using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var (body, isCut) = await BodyReading.ReadAsync(stream, ListBytesMax, static () => { }, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"GET {path} was answered with {(int)response.StatusCode}: {ErrorText.Read(body).Message}", null, response.StatusCode);
        }

        return isCut ? throw new JsonException("The list of models is too long.") : body;
    }

    private void Missed(UpstreamReplica replica, Exception exception)
    {
        var status = (exception as HttpRequestException)?.StatusCode;
        var fault = status is not null || exception is JsonException ? exception.Message : AttemptEnd.Of(exception, null, hasHead: false, isFresh: true).Answer.Message;
        if (replica.State.LastFault != fault)
        {
            Log.Missed(logger, options.Name, replica.Address.AbsoluteUri, fault);
        }

        // A server that refuses the list (no such route, another key) is there; one that loads or cannot be reached is not.
        var isGone = status is null || (int)status >= 500;
        replica.Failed(fault, isGone, pool.Now, pool.Time.GetUtcNow(), null);
    }

    private static IReadOnlyList<ServedModel> Served(UpstreamReplica[] replicas, UpstreamOptions options)
    {
        Dictionary<string, FoundModel> found = [];
        foreach (var replica in replicas)
        {
            foreach (var model in replica.Findings?.Models ?? [])
            {
                var isNew = found.TryAdd(model.Name, model);
                if (!isNew && model.ContextTokens < (found[model.Name].ContextTokens ?? int.MaxValue))
                {
                    // Replicas that differ: what the smallest takes is what can be promised.
                    found[model.Name] = model;
                }
            }
        }

        return options.Models.Count > 0
            ? [.. options.Models.Select(model => Of(model, found.GetValueOrDefault(model.Name), options))]
            : [.. found.Values.Select(model => Of(new UpstreamModelOptions { Name = model.Name }, model, options))];
    }

    private static ServedModel Of(UpstreamModelOptions model, FoundModel? found, UpstreamOptions options) =>
        new(model.Id, model.Abilities, model.ContextTokens ?? options.ContextTokens ?? found?.ContextTokens, found is { OwnedBy.Length: > 0 } ? found.OwnedBy : options.Name);

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Upstream {Upstream} at {Url} answers and lists {Models} models")]
        public static partial void Reached(ILogger logger, string upstream, string url, int models);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Upstream {Upstream} at {Url} does not answer: {Fault}")]
        public static partial void Missed(ILogger logger, string upstream, string url, string fault);

        [LoggerMessage(Level = LogLevel.Debug, Message = "Upstream {Upstream} is no longer watched")]
        public static partial void Stopped(ILogger logger, string upstream);
    }
}
