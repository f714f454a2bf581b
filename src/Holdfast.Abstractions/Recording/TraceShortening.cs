namespace Holdfast.Abstractions.Recording;

/// <summary>A text that was shortened on the way: what, where, and how many tokens went.</summary>
public sealed record TraceShortening(string What, string Where, int? Tokens);
