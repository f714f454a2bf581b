using Holdfast.Abstractions.Answering;
using Holdfast.Gateway.Upstreams;
using Microsoft.Extensions.Hosting;

namespace Holdfast.Gateway.Hosting;

/// <summary>Asks every configured upstream for its models before the first request comes. One that does not answer keeps being asked.</summary>
internal sealed class UpstreamStart(IEnumerable<IBackend> backends) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(backends.OfType<UpstreamPool>().Select(upstream => upstream.StartAsync(cancellationToken)));

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
