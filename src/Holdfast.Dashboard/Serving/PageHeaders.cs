using Microsoft.AspNetCore.Http;

namespace Holdfast.Dashboard.Serving;

/// <summary>
/// The headers of every page. A retrieved document is hostile until proven otherwise: even if escaping failed, no script but ours runs
/// and no other host is reached.
/// </summary>
internal static class PageHeaders
{
    public const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void Write(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        // Pages hold documents and prompts: a shared machine must not find them in its cache.
        headers.CacheControl = "no-store";
    }
}
