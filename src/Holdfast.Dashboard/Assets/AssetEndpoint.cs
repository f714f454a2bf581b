using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace Holdfast.Dashboard.Assets;

/// <summary>Serves one embedded file to GET and HEAD.</summary>
internal static class AssetEndpoint
{
    public static async Task ServeAsync(HttpContext context, AssetCatalogue catalogue, string file)
    {
        var response = context.Response;
        response.Headers.XContentTypeOptions = "nosniff";
        if (catalogue.Find(file) is not { } asset)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var request = context.Request.GetTypedHeaders();
        var isGzip = TakesGzip(request);
        var tag = asset.ETag(isGzip);
        response.Headers.ETag = tag;
        response.Headers.Vary = "Accept-Encoding";
        response.Headers.CacheControl = asset.IsImmutable ? "public, max-age=31536000, immutable" : "no-cache";
        if (request.IfNoneMatch.Any(candidate => candidate.Tag == tag || candidate.Tag == "*"))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var bytes = asset.Bytes(isGzip);
        response.ContentType = asset.ContentType;
        response.ContentLength = bytes.Length;
        if (isGzip)
        {
            response.Headers.ContentEncoding = "gzip";
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(bytes, context.RequestAborted);
        }
    }

    private static bool TakesGzip(RequestHeaders request)
    {
        StringWithQualityHeaderValue? any = null;
        foreach (var coding in request.AcceptEncoding)
        {
            if (coding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase))
            {
                return coding.Quality is null or > 0;
            }

            any = coding.Value == "*" ? coding : any;
        }

        return any is { Quality: null or > 0 };
    }
}
