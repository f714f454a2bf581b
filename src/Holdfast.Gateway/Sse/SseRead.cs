namespace Holdfast.Gateway.Sse;

/// <summary>What <see cref="SseReader.TryRead"/> found.</summary>
internal enum SseRead
{
    /// <summary>The bytes read so far hold no further whole event.</summary>
    NeedsMore,

    /// <summary>An event with data.</summary>
    Event,

    /// <summary>An event is longer than the bound; nothing further can be read.</summary>
    TooLong,
}
