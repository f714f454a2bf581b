using Holdfast.Verbs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Hosting;

/// <summary>
/// How verbs ask the owner of the data: one line of a batch in, one line out, the same that the verb would make itself. Below
/// <c>/admin</c>, so the gateway lets only admin keys through.
/// </summary>
internal static class VerbRoutes
{
    public static void MapVerbs(this IEndpointRouteBuilder app)
    {
        app.MapPost("/admin/search", (RequestDelegate)(context => AnswerAsync(context, isSearch: true)));
        app.MapPost("/admin/ask", (RequestDelegate)(context => AnswerAsync(context, isSearch: false)));
    }

    private static async Task AnswerAsync(HttpContext context, bool isSearch)
    {
        using var reader = new StreamReader(context.Request.Body);
        var line = await reader.ReadToEndAsync(context.RequestAborted);
        var desk = context.RequestServices.GetRequiredService<VerbDesk>();
        var result = await (isSearch ? desk.SearchAsync(line, context.RequestAborted) : desk.AskAsync(line, context.RequestAborted));
        context.Response.StatusCode = result.IsFault ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(result.Line, context.RequestAborted);
    }
}
