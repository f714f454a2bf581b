using System.Globalization;
using Holdfast.Abstractions.Answering;
using Holdfast.Gateway.Wire;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Gateway.Routes;

/// <summary>Reads <c>limit</c> and other whole numbers of a query string.</summary>
internal static class PageQuery
{
    public static (int Value, AnswerFault? Fault) Limit(HttpRequest request, int byDefault, int max, string name = "limit")
    {
        if (request.Query[name] is not [{ Length: > 0 } text])
        {
            return (byDefault, null);
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= 1 && value <= max
            ? (value, null)
            : (0, Refusals.BadRequest("invalid_value", $"'{name}' must be a whole number from 1 to {max}.", name));
    }

    public static string? Text(HttpRequest request, string name) =>
        request.Query[name] is [{ Length: > 0 and <= 500 } text] ? text : null;
}
