namespace Holdfast.Abstractions.Status;

/// <summary>Names under which the gateway leaves facts of the signed-in browser in <c>HttpContext.Items</c> for the pages.</summary>
public static class PageSession
{
    /// <summary>The anti-forgery token (string) that a form or script must send back as <c>x-holdfast-page-token</c> or the form field <c>page-token</c>.</summary>
    public const string TokenItem = "holdfast.page-token";

    /// <summary>Name (string) of the key that signed in.</summary>
    public const string KeyNameItem = "holdfast.key-name";

    /// <summary>Whether that key is an admin's (bool).</summary>
    public const string IsAdminItem = "holdfast.is-admin";
}
