using System.Net;
using System.Net.Sockets;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Status;
using Holdfast.Traffic.Routing;

namespace Holdfast.Gateway.Upstreams;

/// <summary>One address of an upstream: its connections, what it holds, how it stands.</summary>
internal sealed class UpstreamReplica : IDisposable
{
    /// <summary>Set on a request when a connection was opened for it, so that an end before the first byte can be told from a stale connection.</summary>
    public static readonly HttpRequestOptionsKey<bool> OpenedConnection = new("holdfast.opened-connection");

    // Guards _health, _lastFault and _isReachable.
    private readonly Lock _gate = new();
    private readonly ReplicaHealth _health = new();
    private readonly string _name;
    private string? _lastFault;
    private DateTimeOffset? _lastFaultAt;
    private bool _isReachable;
    private readonly Uri[] _routes;
    private int _inFlight;

    public UpstreamReplica(string name, Uri address, UpstreamOptions options)
    {
        _name = name;
        Address = address;
        Http = new HttpMessageInvoker(Handler(options), disposeHandler: true);
        _routes = Array.ConvertAll(Enum.GetValues<CallKind>(), kind => new Uri(address, UpstreamRequest.Route(kind)));
    }

    public Uri Address { get; }

    public HttpMessageInvoker Http { get; }

    /// <summary>What discovery last found; null before the first answer.</summary>
    public UpstreamFindings? Findings { get; private set; }

    public int InFlight => Volatile.Read(ref _inFlight);

    public UpstreamState State
    {
        get
        {
            lock (_gate)
            {
                return new UpstreamState(_name, Address.AbsoluteUri, _isReachable, InFlight, _lastFault, _lastFaultAt);
            }
        }
    }

    public Uri Route(CallKind kind) => _routes[(int)kind];

    public void Enter() => Interlocked.Increment(ref _inFlight);

    public void Leave() => Interlocked.Decrement(ref _inFlight);

    public ReplicaLoad Load(bool isEligible)
    {
        lock (_gate)
        {
            return new ReplicaLoad(InFlight, _health.CoolUntil, isEligible);
        }
    }

    /// <summary>False when the replica is known not to serve the model.</summary>
    public bool Serves(string model) => Findings is not { } findings || findings.Has(model);

    /// <summary>Its list of models was read. That it lists them clears a rest only when it had been gone: a full server lists them too.</summary>
    public void Found(UpstreamFindings findings)
    {
        Findings = findings;
        lock (_gate)
        {
            if (!_isReachable)
            {
                _health.Answered();
                _lastFault = null;
                _lastFaultAt = null;
                _isReachable = true;
            }
        }
    }

    public void Answered()
    {
        lock (_gate)
        {
            _health.Answered();
            _isReachable = true;
            _lastFault = null;
            _lastFaultAt = null;
        }
    }

    /// <param name="fault">In words, for the status page.</param>
    /// <param name="isGone">True when the replica was not there at all.</param>
    /// <param name="now">Time since the start of the pool.</param>
    /// <param name="at">The same moment for people.</param>
    /// <param name="retryAfter">What it asked to wait.</param>
    public void Failed(string fault, bool isGone, TimeSpan now, DateTimeOffset at, TimeSpan? retryAfter)
    {
        lock (_gate)
        {
            _health.Failed(now, retryAfter);
            _isReachable = !isGone;
            _lastFault = fault;
            _lastFaultAt = at;
        }
    }

    public void Dispose() => Http.Dispose();

    // Every setting that matters is written down, also where it equals the default of today.
    private static SocketsHttpHandler Handler(UpstreamOptions options) => new()
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectCallback = ConnectAsync,
        ConnectTimeout = options.Timeouts.Connect,
        EnableMultipleHttp2Connections = false,
        MaxConnectionsPerServer = options.ConnectionsMax,

        // A client that leaves must close the upstream's connection, not drain it: draining lets the engine go on.
        MaxResponseDrainSize = 0,
        MaxResponseHeadersLength = 64,

        // uvicorn and llama.cpp close an idle connection after 5 s; giving it up first avoids writing into a closed one.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(4),
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        PreAuthenticate = false,
        UseCookies = false,
        UseProxy = false,
    };

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        context.InitialRequestMessage.Options.Set(OpenedConnection, true);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
