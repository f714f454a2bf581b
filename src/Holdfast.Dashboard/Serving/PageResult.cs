using Holdfast.Dashboard.Pages;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Holdfast.Dashboard.Serving;

/// <summary>Turns a page and its parameters into a result.</summary>
internal static class PageResult
{
    public static RazorComponentResult Of<TPage>(int status, params ReadOnlySpan<(string Name, object? Value)> parameters)
        where TPage : IComponent
    {
        var all = new Dictionary<string, object?>();
        foreach (var (name, value) in parameters)
        {
            all[name] = value;
        }

        return new RazorComponentResult(typeof(TPage), all) { StatusCode = status, PreventStreamingRendering = true };
    }

    public static RazorComponentResult Message(HttpContext context, int status, string sentence, string remedy) => Of<MessagePage>(
        status,
        (nameof(MessagePage.Page), Session.Page(context, sentence.TrimEnd('.'))),
        (nameof(MessagePage.Sentence), sentence),
        (nameof(MessagePage.Remedy), remedy));
}
