using System.Security.Cryptography;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Recording;
using Holdfast.Abstractions.Status;
using Holdfast.Gateway.Asking;
using Holdfast.Gateway.Counting;
using Holdfast.Gateway.Door;
using Holdfast.Gateway.Files;
using Holdfast.Gateway.Hosting;
using Holdfast.Gateway.Keys;
using Holdfast.Gateway.Metrics;
using Holdfast.Gateway.Models;
using Holdfast.Gateway.Options;
using Holdfast.Gateway.Pipeline;
using Holdfast.Gateway.Prompts;
using Holdfast.Gateway.Records;
using Holdfast.Gateway.Routes;
using Holdfast.Gateway.Status;
using Holdfast.Gateway.Upstreams;
using Holdfast.Gateway.Wire;
using Holdfast.Traffic.Admission;
using Holdfast.Traffic.Retrying;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Holdfast.Gateway;

/// <summary>Registers the gateway. What it needs of other rooms (backends, retriever, counter, …) comes from the same container.</summary>
public static class GatewayServices
{
    /// <summary>Adds everything of the gateway but its routes (<see cref="GatewayApp.MapGateway"/>).</summary>
    public static IServiceCollection AddGateway(this IServiceCollection services, GatewayOptions options, IReadOnlyList<UpstreamOptions> upstreams, string dataFolder, TimeSpan drainTime)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(options.Keys);
        services.AddSingleton(new GatewayFolder(dataFolder));
        services.AddSingleton(provider => new KeyRing(dataFolder, options.Keys, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ConsoleTokens>();
        services.AddSingleton<BrowserSessions>();
        services.AddSingleton(_ => new PromptLibrary(options.PromptsFolder));
        services.AddSingleton(provider => Watched(new InFlightLimit(options.Limits.InFlightMax), provider.GetRequiredService<GatewayMeters>()));
        services.AddSingleton(provider => Watched(new ByteLimit(options.Limits.BodiesBytesMax), provider.GetRequiredService<GatewayMeters>()));
        services.AddSingleton<GatewayMeters>();
        services.AddSingleton<ProcessMeters>();
        services.AddSingleton<PrometheusText>();
        services.AddSingleton<TrafficHistory>();
        services.AddSingleton<RequestIds>();
        services.AddSingleton<BodyReader>();
        services.AddSingleton<TruncationDetector>();
        services.AddSingleton<ModelDirectory>();
        services.AddSingleton<AnswerPipeline>();
        services.AddSingleton(provider => new DrainEnd(provider.GetRequiredService<IHostApplicationLifetime>(), drainTime, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Readiness>();
        services.AddSingleton<RecordBook>();
        services.AddHostedService(provider => provider.GetRequiredService<RecordBook>());
        services.AddSingleton<ITraceReader>(provider => provider.GetRequiredService<RecordBook>());
        services.AddSingleton<IAsk, AskService>();
        services.AddSingleton<IServiceStatus, ServiceStatus>();
        AddUpstreams(services, upstreams, options.Retry);
        AddDoor(services);
        AddRoutes(services);
        return services;
    }

    /// <summary>Listens on <paramref name="listen"/> (host:port) with the gateway's limits.</summary>
    public static IWebHostBuilder UseGateway(this IWebHostBuilder host, GatewayOptions options, string listen) =>
        host.UseUrls("http://" + listen)
            .ConfigureKestrel(kestrel => ConfigureKestrel(kestrel, options))
            .UseSockets(ConfigureSockets)

            // As long as this category may log, the host makes an activity and a scope for each request; what it would say the gate says.
            .ConfigureLogging(logging => logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None));

    private static void ConfigureSockets(SocketTransportOptions sockets)
    {
        // Waiting without a buffer costs one receive more a request; a buffer costs an idle connection 4 kB of the pool's.
        sockets.WaitForDataBeforeAllocatingBuffer = false;
        sockets.NoDelay = true;
    }

    /// <summary>Sets every limit of the server that the gateway's promises rest on, those that equal its defaults too.</summary>
    private static void ConfigureKestrel(KestrelServerOptions kestrel, GatewayOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.AllowResponseHeaderCompression = true;
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = Math.Max(options.Limits.BodyBytesMax, options.Limits.UploadBytesMax);
        limits.MaxRequestHeaderCount = options.Limits.HeadersMax;
        limits.MaxRequestHeadersTotalSize = options.Limits.HeaderBytesMax;
        limits.MaxRequestLineSize = options.Limits.RequestLineBytesMax;
        limits.RequestHeadersTimeout = options.Limits.HeadDeadline;
        limits.KeepAliveTimeout = options.Limits.IdleConnection;
        limits.MaxConcurrentConnections = options.Limits.ConnectionsMax;
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.MaxRequestBufferSize = 1 << 20;
        limits.MaxResponseBufferSize = 64 << 10;
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
    }

    private static InFlightLimit Watched(InFlightLimit limit, GatewayMeters meters)
    {
        meters.Watch("holdfast_in_flight", "{request}", "Calls at work.", () => limit.InFlight);
        meters.Watch("holdfast_in_flight_max", "{request}", "Calls that may be at work; past it the answer is 503.", () => limit.Max);
        return limit;
    }

    private static ByteLimit Watched(ByteLimit bodies, GatewayMeters meters)
    {
        meters.Watch("holdfast_bodies_held_bytes", "By", "Bytes of the bodies of the requests at work.", () => bodies.Held);
        meters.Watch("holdfast_bodies_held_bytes_max", "By", "Bytes that these bodies may have; past it the answer is 503.", () => bodies.Max);
        return bodies;
    }

    private static void AddUpstreams(IServiceCollection services, IReadOnlyList<UpstreamOptions> upstreams, RetryOptions retry)
    {
        var budget = new RetryBudget(retry);
        foreach (var upstream in upstreams)
        {
            var key = upstream.ApiKeyEnvironment.Length > 0 ? Environment.GetEnvironmentVariable(upstream.ApiKeyEnvironment) ?? "" : upstream.ApiKey;
            services.AddSingleton<IBackend>(provider => new UpstreamPool(
                upstream,
                key,
                new RetryPolicy(retry),
                budget,
                provider.GetRequiredService<TimeProvider>(),
                new Random(RandomNumberGenerator.GetInt32(int.MaxValue)),
                provider.GetRequiredService<ILogger<UpstreamPool>>()));
        }

        services.AddHostedService<UpstreamStart>();
    }

    private static void AddDoor(IServiceCollection services)
    {
        services.AddSingleton<AccessTable>();
        services.AddSingleton<Authenticator>();
        services.AddSingleton<TokenSignIn>();
        services.AddSingleton<Gate>();
        services.AddSingleton<ServerRejects>();
    }

    private static void AddRoutes(IServiceCollection services)
    {
        services.AddSingleton<AnswerRoutes>();
        services.AddSingleton<EmbeddingCall>();
        services.AddSingleton<ModelRoutes>();
        services.AddSingleton<OperationsRoutes>();
        services.AddSingleton<SignInRoutes>();
        services.AddSingleton<AdminRequestRoutes>();
        services.AddSingleton<AdminKeyRoutes>();
        services.AddSingleton<AdminDocumentRoutes>();
        services.AddSingleton<FileShelf>();
        services.AddSingleton<UploadReader>();
        services.AddSingleton<FileRoutes>();
        services.AddSingleton<StoreRoutes>();
        services.AddSingleton<StoreSearchRoute>();
        services.AddSingleton<StoreFileRoutes>();
    }
}
