using Holdfast.Gateway.Keys;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Gateway.Door;

/// <summary>The cookie of a signed-in browser: no script reads it, no other site sends it.</summary>
internal static class SessionCookie
{
    public static void Set(HttpContext context, string secret, TimeSpan lifetime) =>
        context.Response.Cookies.Append(BrowserSessions.Cookie, secret, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
            Path = "/",
            MaxAge = lifetime,
            IsEssential = true,
        });

    public static void Go(HttpContext context, string path)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = path;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
    }
}
