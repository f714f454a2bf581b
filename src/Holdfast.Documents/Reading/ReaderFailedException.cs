namespace Holdfast.Documents.Reading;

/// <summary>A library threw at a file. Never leaves the room.</summary>
internal sealed class ReaderFailedException(Exception inner) : Exception(inner.Message, inner);
