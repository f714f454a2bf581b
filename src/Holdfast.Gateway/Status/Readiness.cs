using Microsoft.Extensions.Hosting;

namespace Holdfast.Gateway.Status;

/// <summary>Whether it is safe to send traffic; <c>/readyz</c> says it. Not before somebody says so, and no more once the process stops.</summary>
public sealed class Readiness(IHostApplicationLifetime lifetime)
{
    private volatile string? _notYet = "starting: the documents are read";

    /// <summary>Null when ready, else the reason why not.</summary>
    public string? NotReady => lifetime.ApplicationStopping.IsCancellationRequested ? "stopping: open streams are drained" : _notYet;

    /// <summary>From now on it is ready.</summary>
    public void MarkReady() => _notYet = null;

    /// <summary>Says why no more traffic should come.</summary>
    public void MarkNotReady(string reason) => _notYet = reason;
}
