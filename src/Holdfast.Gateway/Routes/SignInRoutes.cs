using Holdfast.Gateway.Door;
using Holdfast.Gateway.Keys;
using Holdfast.Gateway.Options;
using Holdfast.Gateway.Wire;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Gateway.Routes;

/// <summary>Signs a browser in by a typed key, and out. The page with the form is the console's.</summary>
internal sealed class SignInRoutes(KeyRing keys, BrowserSessions sessions, KeyOptions options)
{
    private const string KeyField = "key";

    public async Task SignInAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers.Origin.Count > 0 && !PageWrites.IsOwnOrigin(request))
        {
            context.Features.Exchange().Fault = Refusals.Forbidden("foreign_origin", "The sign-in form must come from this console's own page (Origin).");
            return;
        }

        if (!request.HasFormContentType)
        {
            context.Features.Exchange().Fault = Refusals.MediaType("Sign-in takes a form with the field 'key'.");
            return;
        }

        var form = await request.ReadFormAsync(context.RequestAborted);
        var match = keys.Find(form[KeyField].ToString().AsSpan().Trim());
        if (match is not { Row: { } row, IsRevoked: false })
        {
            SessionCookie.Go(context, "/sign-in?failed=key");
            return;
        }

        SessionCookie.Set(context, sessions.Open(row), options.SessionLifetime);
        SessionCookie.Go(context, "/");
    }

    public Task SignOutAsync(HttpContext context)
    {
        if (context.Request.Cookies[BrowserSessions.Cookie] is { } cookie)
        {
            sessions.Close(cookie);
        }

        context.Response.Cookies.Delete(BrowserSessions.Cookie);
        SessionCookie.Go(context, "/sign-in");
        return Task.CompletedTask;
    }
}
