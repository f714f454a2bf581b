namespace Holdfast.Abstractions.Reading;

/// <summary>Which documents to list.</summary>
public sealed record DocumentFilter
{
    public string? Collection { get; init; }

    /// <summary>true: only quarantined ones; false: only good ones; null: both.</summary>
    public bool? IsQuarantined { get; init; }

    /// <summary>Id of the last row of the page before.</summary>
    public string? After { get; init; }

    /// <summary>Rows at most, 1 to 10,000.</summary>
    public int Limit { get; init; } = 100;
}
