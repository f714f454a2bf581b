using Holdfast.Printing;

namespace Holdfast.Pulling;

/// <summary>Which hub is asked and with which token. The token goes to this origin alone and is never printed.</summary>
internal sealed class HubAddress
{
    public const string EndpointVariable = "HF_ENDPOINT";
    public const string TokenVariable = "HF_TOKEN";
    private const string Default = "https://huggingface.co";

    private HubAddress(Uri endpoint, string? token) => (Endpoint, Token) = (endpoint, token);

    /// <summary>Without a slash at its end in <see cref="Text"/>.</summary>
    public Uri Endpoint { get; }

    public string Text => Endpoint.AbsoluteUri.TrimEnd('/');

    public string? Token { get; }

    /// <summary>Reads <c>HF_ENDPOINT</c> and <c>HF_TOKEN</c>. Throws <see cref="PullException"/> for what cannot be used.</summary>
    public static HubAddress Read(Func<string, string?> environment)
    {
        var stated = environment(EndpointVariable) is { Length: > 0 } text ? text.Trim() : Default;
        if (!Uri.TryCreate(stated, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("https" or "http") || endpoint.Query.Length > 0 || endpoint.UserInfo.Length > 0)
        {
            throw new PullException($"{EndpointVariable} is {Terminal.Shown(stated)}; it must be an address such as {Default}", isWrongUse: true);
        }

        var token = environment(TokenVariable)?.Trim() is { Length: > 0 } given ? given : null;
        if (token is not null && !token.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.'))
        {
            throw new PullException($"{TokenVariable} holds characters that no token has; copy it again from {Default}/settings/tokens", isWrongUse: true);
        }

        return token is not null && endpoint.Scheme == "http" && !endpoint.IsLoopback
            ? throw new PullException($"{EndpointVariable} is http: the token of {TokenVariable} would travel in the clear; use https, or unset {TokenVariable}", isWrongUse: true)
            : new HubAddress(endpoint, token);
    }

    /// <summary>A page of the hub; each part of the path is escaped.</summary>
    public Uri At(string path, string query = "") => new($"{Text}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}{query}");

    public bool IsHub(Uri place) => Uri.Compare(place, Endpoint, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
}
