using Holdfast.Traffic.Retrying;

namespace Holdfast.Gateway.Options;

/// <summary>Settings of the gateway: section <c>gateway</c> of the configuration.</summary>
public sealed record GatewayOptions
{
    /// <summary>Folder of prompt files that stand in front of the shipped ones; empty: the shipped ones alone.</summary>
    public string PromptsFolder { get; init; } = "";

    /// <summary>Model of the ask box and first in the list; empty: the first that generates, else extraction.</summary>
    public string DefaultModel { get; init; } = "";

    /// <summary>Host names answered on a loopback listener besides the loopback names, for a proxy on the same machine.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    public LimitOptions Limits { get; init; } = new();

    public KeyOptions Keys { get; init; } = new();

    public RecordOptions Records { get; init; } = new();

    /// <summary>Retries of calls to upstreams.</summary>
    public RetryOptions Retry { get; init; } = new();

    /// <summary>Every fault, in the words of the file.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        foreach (var host in Hosts)
        {
            if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
            {
                faults.Add($"gateway.hosts holds '{host}'; a host name without scheme and port is wanted");
            }
        }

        Limits.AddFaults(faults);
        Keys.AddFaults(faults);
        Records.AddFaults(faults);
        faults.AddRange(Retry.Faults("gateway.retry"));
        return faults;
    }
}
