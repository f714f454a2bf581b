using Holdfast.Abstractions.Status;
using Holdfast.Dashboard.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Dashboard.Serving;

/// <summary>Reads what the gateway left about the visitor.</summary>
internal static class Session
{
    public static string? KeyName(HttpContext context) => context.Items[PageSession.KeyNameItem] as string;

    public static bool IsAdmin(HttpContext context) => context.Items[PageSession.IsAdminItem] is true;

    public static PageContext Page(HttpContext context, string title, string? current = null, string? age = null) => new()
    {
        Title = title,
        Current = current,
        Age = age,
        KeyName = KeyName(context),
        IsAdmin = IsAdmin(context),
        PageToken = context.Items[PageSession.TokenItem] is string { Length: > 0 } token ? token : null,
        HasKv = context.RequestServices.GetService<IKvPoolStatus>() is not null,
    };
}
