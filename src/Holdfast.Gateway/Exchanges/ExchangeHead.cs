using Microsoft.AspNetCore.Http;

namespace Holdfast.Gateway.Exchanges;

/// <summary>Copies what the record needs of the HTTP heads: the server reuses its own objects for the next request.</summary>
internal static class ExchangeHead
{
    public static void Keep(Exchange x)
    {
        if (x.Http is not { } context)
        {
            return;
        }

        x.Http = null;
        x.ReceivedHeaders = Copy(context.Request.Headers);
        x.AnswerHeaders = Copy(context.Response.Headers);
        x.ClientRequestId = context.Request.Headers["x-request-id"] is [{ Length: > 0 and <= 200 } id] ? id : null;
    }

    private static KeyValuePair<string, string>[] Copy(IHeaderDictionary headers)
    {
        var copy = new KeyValuePair<string, string>[headers.Count];
        var at = 0;
        foreach (var header in headers)
        {
            copy[at++] = new(header.Key, header.Value.ToString());
        }

        return copy;
    }
}
