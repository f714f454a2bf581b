using System.Security.Cryptography;
using System.Text;
using Holdfast.Abstractions.Answering;
using Holdfast.Gateway.Keys;
using Holdfast.Gateway.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Holdfast.Gateway.Door;

/// <summary>A browser sends its cookie whoever made the form: a write by cookie needs our own Origin and the token of the page.</summary>
internal static class PageWrites
{
    private const string TokenHeader = "x-holdfast-page-token";
    private const string TokenField = "page-token";

    public static bool IsOwnOrigin(HttpRequest request) =>
        request.Headers.Origin is [{ } origin] && origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);

    public static async Task<AnswerFault?> CheckAsync(HttpContext context, BrowserSession session, long bodyBytesMax)
    {
        var request = context.Request;
        if (!IsOwnOrigin(request))
        {
            return Refusals.Forbidden("foreign_origin", "A write by cookie must come from this console's own pages (Origin).");
        }

        string? token = request.Headers[TokenHeader];
        if (token is null && request.HasFormContentType)
        {
            context.Features.Set<IFormFeature>(new FormFeature(request, new FormOptions
            {
                BufferBody = true,
                BufferBodyLengthLimit = bodyBytesMax,
                MemoryBufferThreshold = 64 << 10,
                ValueLengthLimit = (int)Math.Min(bodyBytesMax, int.MaxValue),
                ValueCountLimit = 100,
                KeyLengthLimit = 200,
            }));
            token = (await request.ReadFormAsync(context.RequestAborted))[TokenField];
        }

        return token is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(session.PageToken))
            ? null
            : Refusals.Forbidden("page_token", $"A write by cookie needs the page's token ({TokenHeader}, or the form field {TokenField}); load the page again.");
    }
}
