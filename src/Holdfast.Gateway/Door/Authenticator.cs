using Holdfast.Abstractions.Answering;
using Holdfast.Gateway.Keys;
using Holdfast.Gateway.Wire;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Gateway.Door;

/// <summary>Finds who sends a request: a bearer key, or the cookie of a signed-in browser.</summary>
internal sealed class Authenticator(KeyRing keys, BrowserSessions sessions)
{
    private const string Bearer = "Bearer ";
    private static readonly string[] KeyNames = ["api_key", "api-key", "apikey", "access_token", "authorization", "x-api-key"];

    /// <summary>A key in an address stands in histories, logs and Referer headers: it is refused even when it is right.</summary>
    public AnswerFault? KeyInQuery(HttpRequest request)
    {
        if (!request.QueryString.HasValue)
        {
            return null;
        }

        foreach (var (name, values) in request.Query)
        {
            var isKey = KeyNames.Contains(name, StringComparer.OrdinalIgnoreCase);
            foreach (var value in values)
            {
                isKey |= value?.StartsWith("hf-", StringComparison.Ordinal) == true || keys.Find(value).Row is not null;
            }

            if (isKey)
            {
                return Refusals.InvalidKey($"A key in the address is refused even when it is valid ('{(name.Length > 40 ? name[..40] : name)}' in the query). Send it as 'Authorization: Bearer KEY', and replace it: it may stand in a log by now.");
            }
        }

        return null;
    }

    public (Visitor? Visitor, AnswerFault? Fault) Find(HttpRequest request)
    {
        if (request.Headers.Authorization is [{ } header])
        {
            return ByHeader(header);
        }

        if (request.Headers.Authorization.Count > 1)
        {
            return (null, Refusals.InvalidKey("There are several Authorization headers; send one."));
        }

        if (sessions.Find(request.Cookies[BrowserSessions.Cookie]) is { } session)
        {
            return (new Visitor(session.Key, session), null);
        }

        return (null, Refusals.InvalidKey("No key. Send 'Authorization: Bearer KEY'; 'holdfast keys create NAME' makes one."));
    }

    private (Visitor? Visitor, AnswerFault? Fault) ByHeader(string header)
    {
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return (null, Refusals.InvalidKey("The Authorization header must be 'Bearer KEY'."));
        }

        var match = keys.Find(header.AsSpan(Bearer.Length).Trim());
        return match switch
        {
            { Row: null } => (null, Refusals.InvalidKey("The key is not known here.")),
            { IsRevoked: true, Row: { } row } => (null, Refusals.InvalidKey($"The key '{row.Name}' was revoked at {row.RevokedAt:yyyy-MM-dd HH:mm} UTC.")),
            { Row: { } row } => (new Visitor(row, null), null),
        };
    }
}
