using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Searching;
using Holdfast.Abstractions.Status;
using Holdfast.Dashboard.Pages;
using Holdfast.Dashboard.Views;
using Holdfast.Dashboard.Words;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Dashboard.Serving;

/// <summary>
/// The ask box. A question in the address is answered by the server; a script sends it as a stream instead and never loads this page
/// again. The session's cookie is SameSite=Strict, so another site cannot ask with a link.
/// </summary>
internal static class AskEndpoint
{
    public static async Task<IResult> ServeAsync(HttpContext context, string? q, string? model, IAsk ask, IServiceStatus status, IRetriever retriever, DashboardOptions options)
    {
        var service = status.Take();
        var models = Models(service);
        var collections = retriever.Collections;
        var question = (q ?? "").Trim();
        var view = new AskView
        {
            Question = question,
            Model = models.Find(known => known == model) ?? models[0],
            Models = models,
            BaseUrl = service.BaseUrl,
            QuestionCharactersMax = options.QuestionCharactersMax,
            Scope = Scope(collections),
        };
        if (question.Length > options.QuestionCharactersMax)
        {
            var fault = $"The question has {Units.Number(question.Length)} characters; the box takes {Units.Number(options.QuestionCharactersMax)}. The API takes longer ones.";
            view = view with { Question = "", Fault = fault };
        }
        else if (question.Length > 0)
        {
            var outcome = await ask.AskAsync(question, view.Model, Session.KeyName(context)!, context.RequestAborted);
            view = view with { Answer = CitedAnswer.Of(outcome) };
        }

        return PageResult.Of<AskPage>(
            view.Fault is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
            (nameof(AskPage.Page), Session.Page(context, "Ask", "/ask", Totals(collections))),
            (nameof(AskPage.View), view));
    }

    private static List<string> Models(ServiceSnapshot service)
    {
        List<string> models = [service.DefaultModel];
        foreach (var served in service.Models)
        {
            if (served.Abilities.HasFlag(ModelAbilities.Chat) && !models.Contains(served.Id))
            {
                models.Add(served.Id);
            }
        }

        return models;
    }

    private static string Scope(IReadOnlyList<CollectionInfo> collections) => collections.Count switch
    {
        0 => "Ask a question",
        1 => $"Ask {collections[0].Name} a question",
        _ => "Ask your documents a question",
    };

    private static string Totals(IReadOnlyList<CollectionInfo> collections)
    {
        var quarantined = collections.Sum(static info => info.Quarantined);
        var passages = Units.Count(collections.Sum(static info => info.Passages), "passage", "passages");
        return quarantined == 0 ? passages : $"{passages}, {Units.Count(quarantined, "file", "files")} quarantined";
    }
}
