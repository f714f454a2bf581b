namespace Holdfast.Configuration;

/// <summary>How folders are read and watched.</summary>
internal sealed record IngestOptions
{
    /// <summary>Documents read at the same time. 0: one less than the processor count, at least 1.</summary>
    public int Readers { get; init; }

    /// <summary>Bytes of files held in memory while they are read; a larger file is read alone.</summary>
    public long BytesInFlightMax { get; init; } = 32L << 20;

    /// <summary>Documents written in one transaction.</summary>
    public int BatchDocuments { get; init; } = 64;

    /// <summary>UTF-16 units of text after which a batch is written even when it has fewer documents: SQLite's log holds a whole batch.</summary>
    public int BatchCharacters { get; init; } = 4_000_000;

    /// <summary>Files in one folder tree; the rest is refused with a line that says so.</summary>
    public int FilesMax { get; init; } = 1_000_000;

    /// <summary>Wait after a change in the folder before it is read, so that a copy can finish.</summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How often the folder is compared with the index when no event came. A watcher loses events on network shares and under load.</summary>
    public TimeSpan RescanInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Every fault, in the file's words.</summary>
    public IReadOnlyList<string> Faults()
    {
        List<string> faults = [];
        if (Readers < 0 || Readers > 64)
        {
            faults.Add($"ingest.readers is {Readers}; it must lie in 0..64");
        }

        if (BytesInFlightMax < 1 << 20)
        {
            faults.Add($"ingest.bytesInFlightMax is {BytesInFlightMax}; it must be at least 1 MiB");
        }

        if (BatchDocuments is < 1 or > 10_000)
        {
            faults.Add($"ingest.batchDocuments is {BatchDocuments}; it must lie in 1..10000");
        }

        if (BatchCharacters < 1)
        {
            faults.Add($"ingest.batchCharacters is {BatchCharacters}; it must be at least 1");
        }

        if (FilesMax < 1)
        {
            faults.Add($"ingest.filesMax is {FilesMax}; it must be at least 1");
        }

        if (SettleTime > TimeSpan.FromSeconds(5))
        {
            faults.Add($"ingest.settleTime is {SettleTime.TotalSeconds:0.###} s; it must be at most 5 s");
        }

        if (RescanInterval < TimeSpan.FromSeconds(1))
        {
            faults.Add($"ingest.rescanInterval is {RescanInterval.TotalSeconds:0.###} s; it must be at least 1 s");
        }

        return faults;
    }
}
