namespace Holdfast.Dashboard.Views;

/// <summary>Sorts a status into the three ways a request ends, and names them in addresses.</summary>
public static class RequestKinds
{
    public static RequestKind Of(int status) => status switch
    {
        < 400 => RequestKind.Answered,
        < 500 or 503 => RequestKind.Refused,
        _ => RequestKind.Failed,
    };

    public static Level LevelOf(int status) => Of(status) switch
    {
        RequestKind.Answered => Level.Good,
        RequestKind.Refused => Level.Warn,
        _ => Level.Bad,
    };

    /// <summary>The kind that <c>?only=</c> names; null for none and for a word that names none.</summary>
    public static RequestKind? Parse(string? word) => word switch
    {
        "answered" => RequestKind.Answered,
        "refused" => RequestKind.Refused,
        "failed" => RequestKind.Failed,
        _ => null,
    };

    public static string? Word(RequestKind? kind) => kind switch
    {
        RequestKind.Answered => "answered",
        RequestKind.Refused => "refused",
        RequestKind.Failed => "failed",
        _ => null,
    };
}
