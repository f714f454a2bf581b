namespace Holdfast.Dashboard.Views;

/// <summary>What every page knows of its visitor and of the service.</summary>
public sealed record PageContext
{
    public required string Title { get; init; }

    /// <summary>The address in the navigation that this page belongs to.</summary>
    public string? Current { get; init; }

    /// <summary>Name of the key that signed in; null on the sign-in page, which shows no navigation.</summary>
    public string? KeyName { get; init; }

    public bool IsAdmin { get; init; }

    /// <summary>Sent back by scripts that write.</summary>
    public string? PageToken { get; init; }

    /// <summary>Whether the embedded engine's KV pool can be shown.</summary>
    public bool HasKv { get; init; }

    /// <summary>When the figures of the page were taken, or what they cover.</summary>
    public string? Age { get; init; }

    public IReadOnlyList<NavEntry> Navigation => KeyName is null ? [] :
        IsAdmin ? [new("/", "Ask"), new("/overview", "Overview"), new("/requests", "Requests"), new("/documents", "Documents"), .. HasKv ? [new NavEntry("/kv", "KV")] : Array.Empty<NavEntry>()] :
        [new("/", "Ask")];
}
