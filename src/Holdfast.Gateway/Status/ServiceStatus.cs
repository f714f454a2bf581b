using System.Reflection;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Status;
using Holdfast.Gateway.Metrics;
using Holdfast.Gateway.Models;
using Holdfast.Gateway.Options;
using Holdfast.Gateway.Records;
using Holdfast.Gateway.Upstreams;
using Holdfast.Traffic.Admission;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Holdfast.Gateway.Status;

/// <summary>One look at the service, for the console and the verbs.</summary>
internal sealed class ServiceStatus(
    GatewayOptions options,
    ModelDirectory models,
    RecordBook records,
    TrafficHistory history,
    Readiness readiness,
    InFlightLimit inFlight,
    IServer server,
    IEnumerable<IBackend> backends,
    TimeProvider clock) : IServiceStatus
{
    private static readonly string Version =
        typeof(ServiceStatus).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    private readonly UpstreamPool[] _upstreams = [.. backends.OfType<UpstreamPool>()];
    private readonly DateTimeOffset _startedAt = clock.GetUtcNow();

    public ServiceSnapshot Take() => new()
    {
        At = clock.GetUtcNow(),
        StartedAt = _startedAt,
        Version = Version,
        NotReady = readiness.NotReady,
        DefaultModel = models.DefaultName,
        BaseUrl = (server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://127.0.0.1") + "/v1",
        InFlight = inFlight.InFlight,
        InFlightMax = inFlight.Max,
        ResidentBytes = Environment.WorkingSet,
        Memory =
        [
            new("recent traces", records.RecentBytes, options.Records.RecentBytesMax, "gateway.records.recentBytesMax"),
            new("traces that wait for the disk", records.WaitingBytes, options.Records.WaitingBytesMax, "gateway.records.waitingBytesMax"),
        ],
        Upstreams = [.. _upstreams.SelectMany(u => u.States)],
        Collections = models.Collections,
        Models = [.. models.List().Select(m => m.Served with { Id = m.Id })],
        Traffic = history.Take(),
    };
}
