namespace Holdfast.Gateway.Sse;

/// <summary>One event of a stream: its data, owned by whoever holds it.</summary>
/// <param name="Data">The bytes after <c>data:</c>; several data lines joined by a line feed.</param>
/// <param name="IsError">The event's name is <c>error</c>.</param>
internal readonly record struct SseEvent(ReadOnlyMemory<byte> Data, bool IsError)
{
    public bool IsDone => Data.Span.SequenceEqual("[DONE]"u8);
}
