namespace Holdfast.Abstractions.Answering;

/// <summary>A piece of a tool call: id and name come with the first piece, arguments in all.</summary>
public sealed record ToolCallDelta(int Index, string? Id, string? Name, string Arguments);
