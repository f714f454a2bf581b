using Holdfast.Dashboard.Pages;
using Holdfast.Dashboard.Views;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Dashboard.Serving;

/// <summary>The only page that a stranger sees.</summary>
internal static class SignInEndpoint
{
    public static IResult Serve(string? failed) => PageResult.Of<SignInPage>(
        StatusCodes.Status200OK,
        (nameof(SignInPage.Page), new PageContext { Title = "Sign in" }),
        (nameof(SignInPage.HasFailed), failed == "1"));
}
