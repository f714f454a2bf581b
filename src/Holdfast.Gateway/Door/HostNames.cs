using System.Net;

namespace Holdfast.Gateway.Door;

/// <summary>
/// On a loopback address only loopback names are answered: a page of a stranger whose name was made to resolve to 127.0.0.1 (DNS
/// rebinding) sends its own name in Host.
/// </summary>
internal sealed class HostNames(IReadOnlyList<string> alsoAnswered)
{
    public bool IsAnswered(IPAddress? local, string? host)
    {
        if (local is null || !IPAddress.IsLoopback(local.IsIPv4MappedToIPv6 ? local.MapToIPv4() : local))
        {
            return true;
        }

        return host is { Length: > 0 } && (IsLoopbackName(host) || alsoAnswered.Contains(host, StringComparer.OrdinalIgnoreCase));
    }

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host is "127.0.0.1" or "[::1]"
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (host.StartsWith("127.", StringComparison.Ordinal) && IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
