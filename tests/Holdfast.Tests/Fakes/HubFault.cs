namespace Holdfast.Tests.Fakes;

/// <summary>How a <see cref="FakeHub"/> misbehaves for one request.</summary>
public sealed record HubFault
{
    public static readonly HubFault None = new();

    /// <summary>This status with <see cref="Headers"/> in place of the answer.</summary>
    public int? Status { get; init; }

    /// <summary>Lines of the head, each ending in CR LF.</summary>
    public string Headers { get; init; } = "";

    /// <summary>Closes the connection after so many bytes of the file.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Sends so many bytes of the file and then nothing more, with the connection open.</summary>
    public int? SilentAfter { get; init; }

    /// <summary>Content-Length and Content-Range say so many bytes more than the file has.</summary>
    public int LiesBy { get; init; }

    /// <summary>Sends the whole file whatever part was asked for.</summary>
    public bool IgnoresRange { get; init; }

    /// <summary>Sends the part from this byte on, whatever was asked for.</summary>
    public int? StartsAt { get; init; }

    /// <summary>No length: the file in chunks, with so many bytes too many.</summary>
    public int? ChunkedWithExtra { get; init; }

    /// <summary>Flips the last byte that is sent.</summary>
    public bool Corrupts { get; init; }

    /// <summary>The body of the listing in place of the right one.</summary>
    public string? Listing { get; init; }
}
