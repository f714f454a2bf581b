using System.Text.Json;

namespace Holdfast.Engine.Templates;

/// <summary>One function that the model may call.</summary>
internal sealed record ToolDefinition(string Name, string? Description, JsonElement? Parameters);
