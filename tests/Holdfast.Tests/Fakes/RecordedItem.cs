namespace Holdfast.Tests.Fakes;

/// <summary>One received item of a recording: <paramref name="Read"/> numbers the socket read that completed it.</summary>
internal sealed record RecordedItem(string Kind, string Argument, int Read, byte[] Data);
