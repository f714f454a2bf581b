using Microsoft.AspNetCore.Http;

namespace Holdfast.Dashboard.Serving;

/// <summary>
/// The gateway lets nobody in without a key; this is the second lock, so that a page mapped into a host without the gateway shows
/// nothing either.
/// </summary>
internal static class PageGate
{
    public static ValueTask<object?> OpenAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        PageHeaders.Write(invocation.HttpContext);
        return next(invocation);
    }

    public static ValueTask<object?> SignedInAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        PageHeaders.Write(invocation.HttpContext);
        return Session.KeyName(invocation.HttpContext) is null ? ValueTask.FromResult<object?>(Results.Redirect("/sign-in")) : next(invocation);
    }

    public static ValueTask<object?> AdminAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        if (Session.KeyName(context) is null || Session.IsAdmin(context))
        {
            return SignedInAsync(invocation, next);
        }

        PageHeaders.Write(context);
        return ValueTask.FromResult<object?>(PageResult.Message(
            context,
            StatusCodes.Status403Forbidden,
            "This page needs an admin key.",
            "The key that signed in may ask. An administrator makes others with: holdfast keys create --admin."));
    }
}
