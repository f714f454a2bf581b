namespace Holdfast.Abstractions.Reading;

/// <summary>How often a cleaning rule changed a document.</summary>
public sealed record RuleCount(string Rule, int Count);
