using Holdfast.Gateway.Keys;
using Holdfast.Gateway.Options;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Gateway.Door;

/// <summary>Signs a browser in by the one-time token of the printed address, in front of the table: its owner has no cookie yet.</summary>
internal sealed class TokenSignIn(ConsoleTokens tokens, BrowserSessions sessions, KeyOptions options)
{
    public const string Name = "sign-in";

    /// <summary>True when the address holds a token; then the answer is made.</summary>
    public bool TrySignIn(HttpContext context)
    {
        if (!context.Request.QueryString.HasValue || !HttpMethods.IsGet(context.Request.Method) || context.Request.Query[Name] is not [{ Length: > 0 } token])
        {
            return false;
        }

        if (tokens.Spend(token) is { } key)
        {
            SessionCookie.Set(context, sessions.Open(key), options.SessionLifetime);

            // One slash: "//host" in a Location would be another host.
            SessionCookie.Go(context, "/" + (context.Request.Path.Value ?? "").TrimStart('/'));
        }
        else
        {
            SessionCookie.Go(context, "/sign-in?failed=token");
        }

        return true;
    }
}
