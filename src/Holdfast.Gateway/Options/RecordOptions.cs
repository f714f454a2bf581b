namespace Holdfast.Gateway.Options;

/// <summary>The record of requests: section <c>gateway.records</c>.</summary>
public sealed record RecordOptions
{
    /// <summary>Bytes kept of one body. A record that holds less than the wire says so.</summary>
    public int BodyBytesMax { get; init; } = 1 << 20;

    /// <summary>Bytes of all trace files; past it the oldest file goes, whole.</summary>
    public long FilesBytesMax { get; init; } = 1L << 30;

    /// <summary>Bytes of one trace file; a day has as many as it needs.</summary>
    public long FileBytesMax { get; init; } = 64 << 20;

    /// <summary>Bytes of traces kept in memory until the disk has them, readable at once.</summary>
    public long RecentBytesMax { get; init; } = 16 << 20;

    /// <summary>Bytes of traces that wait for the disk; past it a trace's content is dropped and counted, its row is not.</summary>
    public long WaitingBytesMax { get; init; } = 16 << 20;

    /// <summary>Rows that wait in memory while the disk refuses; past it the oldest is lost, by number.</summary>
    public int SpooledRowsMax { get; init; } = 100_000;

    /// <summary>Rows kept in the index.</summary>
    public int RowsMax { get; init; } = 1_000_000;

    /// <summary>How often a refusing disk is tried again.</summary>
    public TimeSpan DiskRetry { get; init; } = TimeSpan.FromSeconds(5);

    internal void AddFaults(List<string> faults)
    {
        Bounds.Check(faults, "gateway.records.bodyBytesMax", BodyBytesMax, 0, 64 << 20);
        Bounds.Check(faults, "gateway.records.filesBytesMax", FilesBytesMax, 1L << 20, 1L << 50);
        Bounds.Check(faults, "gateway.records.fileBytesMax", FileBytesMax, 1L << 16, 1L << 32);
        Bounds.Check(faults, "gateway.records.recentBytesMax", RecentBytesMax, 1L << 16, 1L << 32);
        Bounds.Check(faults, "gateway.records.waitingBytesMax", WaitingBytesMax, 1L << 16, 1L << 32);
        Bounds.Check(faults, "gateway.records.spooledRowsMax", SpooledRowsMax, 1, 10_000_000);
        Bounds.Check(faults, "gateway.records.rowsMax", RowsMax, 100, 1_000_000_000);
        Bounds.Check(faults, "gateway.records.diskRetry", DiskRetry, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10));
    }
}
