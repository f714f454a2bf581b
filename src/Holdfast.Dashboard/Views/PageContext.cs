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

    /// <summary>The pages that exist for this visitor, and no others.</summary>
    public IReadOnlyList<NavEntry> Navigation
    {
        get
        {
            List<NavEntry> entries = [];
            if (KeyName is not null)
            {
                entries.Add(new("/ask", "Ask"));
            }

            if (IsAdmin)
            {
                entries.AddRange([new("/overview", "Overview"), new("/requests", "Requests"), new("/documents", "Documents")]);
            }

            if (IsAdmin && HasKv)
            {
                entries.Add(new("/kv", "KV"));
            }

            return entries;
        }
    }
}
