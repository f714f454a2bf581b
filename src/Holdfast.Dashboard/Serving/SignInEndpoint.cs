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
        (nameof(SignInPage.Failure), Failure(failed)));

    private static string? Failure(string? failed) => failed switch
    {
        null or "" => null,
        "token" => "That link was used before or is too old. Type the key instead.",
        _ => "That key is not known here, or it was revoked. Nothing was signed in.",
    };
}
