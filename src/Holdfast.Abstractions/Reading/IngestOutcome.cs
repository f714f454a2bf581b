namespace Holdfast.Abstractions.Reading;

/// <summary>What became of a document. <paramref name="Quarantine"/> is the reason when it was refused, else null.</summary>
public sealed record IngestOutcome(string DocumentId, int Passages, string? Quarantine);
