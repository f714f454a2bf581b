using Holdfast.Gateway.Exchanges;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Gateway.Answers;

/// <summary>The headers that every answer of a model carries.</summary>
internal static class AnswerHead
{
    public static void Set(HttpResponse response, Exchange x)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.Headers["x-holdfast-answered-by"] = x.Backend!.Name;
        if (x.IsRefusal)
        {
            response.Headers["x-holdfast-refused"] = "unanswerable";
        }

        if (x.Warnings.Count > 0)
        {
            response.Headers["x-holdfast-warning"] = string.Join(", ", x.Warnings.Select(Word));
        }

        x.Status = StatusCodes.Status200OK;
    }

    /// <summary>A warning begins with one word for programs; what follows is for people.</summary>
    private static string Word(string warning)
    {
        var end = warning.IndexOf(':', StringComparison.Ordinal);
        return end < 0 ? warning : warning[..end];
    }
}
