namespace Holdfast.Pulling;

/// <summary>The bounds of a pull.</summary>
internal sealed record PullOptions
{
    public TimeSpan ConnectTime { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Longest silence, before the head of an answer as well as inside a file.</summary>
    public TimeSpan StallTime { get; init; } = TimeSpan.FromSeconds(60);

    public int RedirectsMax { get; init; } = 8;

    /// <summary>Times that a broken transfer goes on with the next byte by itself. Each must have brought bytes, so nothing is asked for twice.</summary>
    public int ContinuationsMax { get; init; } = 20;

    /// <summary>The list of a repository's files.</summary>
    public int ListBytesMax { get; init; } = 16 << 20;

    /// <summary>Room that must be left on the disk when the file is whole.</summary>
    public long FreeBytesLeft { get; init; } = 64 << 20;
}
