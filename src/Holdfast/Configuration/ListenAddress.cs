using System.Net;

namespace Holdfast.Configuration;

/// <summary>Where the server listens.</summary>
/// <param name="Host">A name or an address, as written.</param>
/// <param name="Port">0 takes a free one.</param>
internal sealed record ListenAddress(string Host, int Port)
{
    /// <summary>True when only this machine can reach it.</summary>
    public bool IsLoopback => Host == "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>For a text that validation has let through.</summary>
    public static ListenAddress Parse(string text) => TryParse(text, out var address) ? address : throw new FormatException($"{text} is not HOST:PORT");

    public static bool TryParse(string text, out ListenAddress address)
    {
        address = new ListenAddress("", 0);
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var port) || port > 65535)
        {
            return false;
        }

        var host = text[..colon].Trim('[', ']');
        if (host != "localhost" && host != "*" && !IPAddress.TryParse(host, out _))
        {
            return false;
        }

        address = new ListenAddress(host, port);
        return true;
    }

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
