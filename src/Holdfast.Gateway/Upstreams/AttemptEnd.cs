using System.Net.Sockets;
using Holdfast.Traffic.Retrying;

namespace Holdfast.Gateway.Upstreams;

/// <summary>What an exception of the HTTP client says about an attempt. Pure.</summary>
internal static class AttemptEnd
{
    public static bool IsWorldFault(Exception exception) =>
        exception is HttpRequestException or IOException or SocketException or OperationCanceledException;

    /// <param name="exception">What the client threw; the caller has made sure that its own client did not leave.</param>
    /// <param name="clockReason">The clock that ran out, in words.</param>
    /// <param name="hasHead">The head of the answer had come.</param>
    /// <param name="isFresh">The connection was opened for this request.</param>
    public static UpstreamFault Of(Exception exception, string? clockReason, bool hasHead, bool isFresh)
    {
        if (clockReason is not null)
        {
            return UpstreamFault.Timeout($"the upstream is too slow: {clockReason}");
        }

        if (exception is OperationCanceledException)
        {
            return UpstreamFault.Broken("the upstream did not take the connection in time (upstreams[].timeouts.connect)", AttemptFault.NotSent);
        }

        if (hasHead)
        {
            return UpstreamFault.Broken("the upstream's connection ended in the middle of the answer", AttemptFault.DiedInFlight);
        }

        return exception is HttpRequestException request ? BeforeHead(request, isFresh) : Ended(isFresh);
    }

    private static UpstreamFault BeforeHead(HttpRequestException exception, bool isFresh) => exception.HttpRequestError switch
    {
        HttpRequestError.ConnectionError => UpstreamFault.Broken(
            exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused } ? "the upstream refused the connection" : "the upstream cannot be reached", AttemptFault.NotSent),
        HttpRequestError.NameResolutionError => UpstreamFault.Broken("the name of the upstream cannot be resolved", AttemptFault.NotSent),
        HttpRequestError.SecureConnectionError => UpstreamFault.Broken("no secure connection to the upstream could be made", AttemptFault.NotSent),
        HttpRequestError.InvalidResponse => UpstreamFault.Broken("the upstream's answer is no HTTP"),
        HttpRequestError.ConfigurationLimitExceeded => UpstreamFault.Broken("the head of the upstream's answer is too long"),
        _ => Ended(isFresh),
    };

    private static UpstreamFault Ended(bool isFresh) =>
        UpstreamFault.Broken("the upstream closed the connection without an answer", isFresh ? AttemptFault.DiedInFlight : AttemptFault.StaleConnection);
}
