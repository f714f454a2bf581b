namespace Holdfast.Ingesting;

/// <summary>What one comparison of a folder with its collection did.</summary>
internal sealed record SyncOutcome
{
    /// <summary>Files whose content was read and indexed.</summary>
    public int Read { get; init; }

    /// <summary>Files that were refused in this pass.</summary>
    public int Quarantined { get; init; }

    /// <summary>Files, good and refused, that are as they were.</summary>
    public int Unchanged { get; init; }

    /// <summary>Documents whose files are gone.</summary>
    public int Removed { get; init; }

    public bool HasChanges => Read + Quarantined + Removed > 0;
}
