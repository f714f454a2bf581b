namespace Holdfast.Retrieval.Storing;

/// <summary>What stands in the way of the store.</summary>
public enum StoreTrouble
{
    /// <summary>No room on the disk, or the file is at its bound.</summary>
    DiskFull,

    /// <summary>The file or its folder cannot be written.</summary>
    ReadOnly,

    /// <summary>Another process holds the file.</summary>
    Busy,

    /// <summary>The file is not a store, or is damaged.</summary>
    Damaged,

    /// <summary>The file was written by a newer version.</summary>
    TooNew,

    /// <summary>Reading or writing failed for another reason.</summary>
    Device,
}
