namespace Holdfast.Tests.Samples;

/// <summary>A passage that answers: the document's path below the folder, and literal words of its extracted text.</summary>
internal sealed record HandbookPassage(string Document, string Quote);
