using Microsoft.Extensions.Hosting;

namespace Holdfast.Gateway.Status;

/// <summary>Whether it is safe to send traffic; <c>/readyz</c> says it. Ready unless somebody holds it back, and no more once the process stops.</summary>
public sealed class Readiness(IHostApplicationLifetime lifetime)
{
    private volatile string? _held;

    /// <summary>Null when ready, else the reason why not.</summary>
    public string? NotReady => lifetime.ApplicationStopping.IsCancellationRequested ? "stopping: open streams are drained" : _held;

    /// <summary>Says why no traffic should come yet.</summary>
    public void HoldBack(string reason) => _held = reason;

    /// <summary>From now on it is ready.</summary>
    public void Release() => _held = null;
}
