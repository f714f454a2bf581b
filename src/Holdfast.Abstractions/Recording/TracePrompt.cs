namespace Holdfast.Abstractions.Recording;

/// <summary>The rendered prompt with the template it came from. <paramref name="Version"/> is the template's content hash.</summary>
public sealed record TracePrompt(string? Template, string? Version, string? Text, int? Tokens, bool IsExact);
