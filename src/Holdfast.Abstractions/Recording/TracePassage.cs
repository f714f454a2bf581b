namespace Holdfast.Abstractions.Recording;

/// <summary>A passage that retrieval gave to a request.</summary>
public sealed record TracePassage(string DocumentId, string Document, int Start, int Length, double Score, string Text);
