namespace Holdfast.Dashboard.Views;

/// <summary>How a request ended.</summary>
public enum RequestKind
{
    /// <summary>With content.</summary>
    Answered,

    /// <summary>4xx and 503: said no, with a reason.</summary>
    Refused,

    /// <summary>5xx but 503.</summary>
    Failed,
}
