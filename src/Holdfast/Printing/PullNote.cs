namespace Holdfast.Printing;

/// <summary>What a pull tells beside its progress, as JSON on standard error.</summary>
internal sealed record PullNote(string Note);
