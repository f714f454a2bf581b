using System.Runtime.CompilerServices;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Status;
using Holdfast.Traffic.Retrying;
using Holdfast.Traffic.Routing;
using Microsoft.Extensions.Logging;

namespace Holdfast.Gateway.Upstreams;

/// <summary>
/// One configured upstream: its replicas, the models they serve, and the calls through them. Bytes pass as they are.
/// Start it once; from then on a loop keeps the list of models fresh.
/// </summary>
public sealed class UpstreamPool : IBackend, IAsyncDisposable
{
    // Guards _random, which is not safe for several threads.
    private readonly Lock _gate = new();
    private readonly Random _random;
    private readonly UpstreamReplica[] _replicas;
    private readonly UpstreamRequest _request;
    private readonly UpstreamDiscovery _discovery;
    private readonly long _started;
    private int _turn;

    /// <param name="options">Without faults.</param>
    /// <param name="apiKey">The key itself, read from the configuration or the environment; empty for none.</param>
    /// <param name="retry">How the one retry loop decides.</param>
    /// <param name="budget">Shared by all upstreams.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">For the jitter of retries.</param>
    /// <param name="logger">For the upstream's coming and going.</param>
    public UpstreamPool(UpstreamOptions options, string apiKey, RetryPolicy retry, RetryBudget budget, TimeProvider time, Random random, ILogger<UpstreamPool> logger)
    {
        Options = options;
        Retry = retry;
        Budget = budget;
        Time = time;
        _random = random;
        _started = time.GetTimestamp();
        _request = new UpstreamRequest(apiKey);
        _replicas = new UpstreamReplica[options.Urls.Count];
        for (var i = 0; i < _replicas.Length; i++)
        {
            if (!UpstreamOptions.TryAddress(options.Urls[i], out var address))
            {
                throw new ArgumentException($"{options.Urls[i]} is no address", nameof(options));
            }

            _replicas[i] = new UpstreamReplica(_replicas.Length == 1 ? options.Name : $"{options.Name}-{i + 1}", address, options);
        }

        _discovery = new UpstreamDiscovery(_replicas, options, _request, this, logger);
    }

    public string Name => Options.Name;

    public IReadOnlyList<ServedModel> Models => _discovery.Models;

    /// <summary>One entry a replica.</summary>
    public IReadOnlyList<UpstreamState> States => Array.ConvertAll(_replicas, static replica => replica.State);

    internal UpstreamOptions Options { get; }

    internal RetryPolicy Retry { get; }

    internal RetryBudget Budget { get; }

    internal TimeProvider Time { get; }

    internal TimeSpan Now => Time.GetElapsedTime(_started);

    /// <summary>Asks every replica once (as long as a connection may take), then keeps asking in the background.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => _discovery.StartAsync(cancellationToken);

    /// <summary>Asks again now, for instance after a change that the operator made.</summary>
    public Task RefreshAsync(CancellationToken cancellationToken) => _discovery.RefreshAsync(cancellationToken);

    public async IAsyncEnumerable<AnswerPart> AnswerAsync(AnswerCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var running = new UpstreamCall(this, call, cancellationToken);
        await running.OpenAsync();
        foreach (var part in running.Held)
        {
            yield return part;
        }

        if (running.Fault is null)
        {
            while (await running.NextAsync() is { } part)
            {
                yield return part;
            }
        }

        if (running.Fault is { } fault)
        {
            yield return new AnswerPart { Fault = fault.Answer };
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _discovery.DisposeAsync();
        foreach (var replica in _replicas)
        {
            replica.Dispose();
        }
    }

    /// <summary>The replica for the next attempt; null when none may take it.</summary>
    internal UpstreamReplica? Choose(string model, HashSet<UpstreamReplica> tried, bool isRetry)
    {
        var name = Upstream(model);
        Span<ReplicaLoad> loads = stackalloc ReplicaLoad[_replicas.Length];
        for (var i = 0; i < loads.Length; i++)
        {
            loads[i] = _replicas[i].Load(!tried.Contains(_replicas[i]) && _replicas[i].Serves(name));
        }

        var turn = Interlocked.Increment(ref _turn);
        var at = ReplicaChoice.Pick(loads, Now, turn);
        if (at < 0 && !isRetry)
        {
            // Every list says no, yet the model was offered: a list may be older than the model. The upstream itself answers.
            return _replicas[(uint)turn % (uint)_replicas.Length];
        }

        return at < 0 ? null : _replicas[at];
    }

    internal bool HasOther(string model, HashSet<UpstreamReplica> tried)
    {
        var name = Upstream(model);
        foreach (var replica in _replicas)
        {
            if (!tried.Contains(replica) && replica.Serves(name))
            {
                return true;
            }
        }

        return false;
    }

    internal double Draw()
    {
        lock (_gate)
        {
            return _random.NextDouble();
        }
    }

    internal ReadOnlyMemory<byte> Body(AnswerCall call)
    {
        var name = Upstream(call.Model);
        return name == call.Model ? call.Body : ModelName.Replace(call.Body, name);
    }

    internal HttpRequestMessage Request(UpstreamReplica replica, AnswerCall call, ReadOnlyMemory<byte> body, string? reason)
    {
        var address = replica.Route(call.Kind);
        call.OnAttempt?.Invoke(new AnswerAttempt { Url = address.AbsoluteUri, Headers = _request.Described(call.RequestId), Body = body, Reason = reason });
        return _request.Post(address, body, call.RequestId);
    }

    /// <summary>Keeps how a replica failed. The caller's own faults say nothing about it.</summary>
    internal void Note(UpstreamReplica replica, UpstreamFault fault)
    {
        if (fault.Class == AttemptFault.StaleConnection)
        {
            return;
        }

        if (fault.Class == AttemptFault.Final && fault.Answer.Status < 500)
        {
            replica.Answered();
            return;
        }

        replica.Failed(fault.Answer.Message, fault.Class == AttemptFault.NotSent, Now, Time.GetUtcNow(), fault.Answer.RetryAfter);
        _discovery.Wake();
    }

    private string Upstream(string model)
    {
        foreach (var configured in Options.Models)
        {
            if (configured.Id == model)
            {
                return configured.Name;
            }
        }

        return model;
    }
}
